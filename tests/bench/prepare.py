#!/usr/bin/env python3
"""Prepares this project as a target of the benchmark.

  prepare.py --data DIR --out DIR [--port 7020]

DIR of --data holds the generator's account.csv and contact.csv. Publishes the server into OUT/out, starts it on an
empty database with a random administrator password, brings the rows in through the Web API with their ids, stops it,
and leaves OUT/platform.pristine (the database) and OUT/platform.json (the target's config).
"""
import argparse, csv, http.client, itertools, json, os, secrets, shutil, signal, subprocess, sys, threading, time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
API = "/api/data/v9.2/"
RENAME = {"city": "address1_city", "stateorprovince": "address1_stateorprovince",
          "postalcode": "address1_postalcode", "country": "address1_country", "createdon": "overriddencreatedon"}
NUMBERS = {"numberofemployees": int, "industrycode": int, "statecode": int, "statuscode": int,
           "revenue": float, "creditlimit": float}


def rows(file):
    with open(file, newline="", encoding="utf-8") as f:
        yield from csv.DictReader(f)


def body(row, key, binds):
    out = {key: row.pop("id")}
    row.pop("modifiedon", None)
    for column, target in binds.items():
        value = row.pop(column, "")
        if value and target:
            out[target[0] + "@odata.bind"] = "/%s(%s)" % (target[1], value)
    for column, value in row.items():
        if value == "":
            continue
        value = NUMBERS[column](value) if column in NUMBERS else value == "true" if column == "creditonhold" else value
        out[RENAME.get(column, column)] = value
    return out


class Sender:
    """Sends requests over a few connections and stops at the first that is refused."""

    def __init__(self, port, token, threads=16):
        self.port, self.token, self.threads, self.failed = port, token, threads, None

    def send_all(self, what, requests):
        source, lock, started, count = iter(requests), threading.Lock(), time.time(), itertools.count()

        def work():
            connection = http.client.HTTPConnection("127.0.0.1", self.port)
            headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
            while not self.failed:
                with lock:
                    request = next(source, None)
                if request is None:
                    return
                method, path, content = request
                connection.request(method, API + path, json.dumps(content), headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status // 100 != 2:
                    self.failed = "%s %s: %d %s" % (method, path, answer.status, text[:300])
                next(count)

        workers = [threading.Thread(target=work) for _ in range(self.threads)]
        for w in workers:
            w.start()
        for w in workers:
            w.join()
        if self.failed:
            sys.exit(self.failed)
        done, seconds = next(count), time.time() - started
        print("%s: %d in %.0f s (%.0f/s)" % (what, done, seconds, done / max(seconds, 0.001)), flush=True)


def token(port, password):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    form = urllib.parse.urlencode({"grant_type": "password", "username": "admin", "password": password})
    connection.request("POST", "/connect/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return json.loads(connection.getresponse().read())["access_token"]


def get(port, bearer, path):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", API + path, headers={"Authorization": "Bearer " + bearer})
    return json.loads(connection.getresponse().read())


def wait_ready(port, server):
    for _ in range(600):
        if server.poll() is not None:
            sys.exit("the server ended with %d" % server.returncode)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("the server is not ready after a minute")


def load(port, password, data):
    bearer = token(port, password)
    unit = get(port, bearer, "businessunits?$top=1")["value"][0]["businessunitid"]
    sender = Sender(port, bearer)
    accounts = os.path.join(data, "account.csv")
    contacts = os.path.join(data, "contact.csv")
    owners = sorted({row["ownerid"] for row in rows(accounts)})
    sender.send_all("users", [("POST", "systemusers", {
        "systemuserid": owner, "fullname": "Owner %d" % n, "lastname": "Owner %d" % n,
        "businessunitid@odata.bind": "/businessunits(%s)" % unit}) for n, owner in enumerate(owners)])
    sender.send_all("contacts", (("POST", "contacts", body(row, "contactid", {"parentcustomerid": None})) for row in rows(contacts)))
    sender.send_all("accounts", (("POST", "accounts", body(row, "accountid", {
        "ownerid": ("ownerid_systemuser", "systemusers"), "primarycontactid": ("primarycontactid", "contacts")})) for row in rows(accounts)))
    sender.send_all("companies of contacts", (
        ("PATCH", "contacts(%s)" % row["id"], {"parentcustomerid_account@odata.bind": "/accounts(%s)" % row["parentcustomerid"]})
        for row in rows(contacts) if row["parentcustomerid"]))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", required=True)
    ap.add_argument("--out", required=True)
    ap.add_argument("--port", type=int, default=7020)
    a = ap.parse_args()
    out = os.path.abspath(a.out)
    shutil.rmtree(os.path.join(out, "data"), ignore_errors=True)
    os.makedirs(os.path.join(out, "data"))
    subprocess.run(["dotnet", "publish", "-c", "Release", "--nologo", "-v", "q", "-o", os.path.join(out, "out"),
                    os.path.join(ROOT, "src", "Platform.Server")], check=True)
    password = secrets.token_urlsafe(18)
    server = subprocess.Popen(["dotnet", "out/Platform.Server.dll", "--data", "data", "--urls", "http://127.0.0.1:%d" % a.port], cwd=out,
                              env=dict(os.environ, PLATFORM_ADMIN_PASSWORD=password, Logging__LogLevel__Default="Warning"))
    try:
        wait_ready(a.port, server)
        load(a.port, password, a.data)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    # A clean stop has written the log back into the file: the file alone is the database.
    shutil.copyfile(os.path.join(out, "data", "platform.db"), os.path.join(out, "platform.pristine"))
    with open(os.path.join(HERE, "platform.template.json"), encoding="utf-8") as f:
        config = f.read().replace("@FOLDER@", out).replace("@PASSWORD@", password).replace("7020", str(a.port))
    with open(os.path.join(out, "platform.json"), "w", encoding="utf-8") as f:
        f.write(config)
    print("ready:", os.path.join(out, "platform.json"))


main()
