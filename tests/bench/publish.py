#!/usr/bin/env python3
"""Measures how fast metadata comes into force, seen from outside.

  publish.py --server DIR [--entities 200] [--columns 40] [--rounds 8] [--database CONNECTION]

DIR holds a published server (dotnet publish src/Platform.Server -o DIR). Starts it on an empty database with packs of
so many tables, then adds one column again and again, each time to another table, while four readers ask for rows of
a table of core. Prints for each publish the milliseconds from the request until the new column is read, the phases as
the server tells them (Server-Timing), the first query, the first $metadata, and the longest answer that a reader got
meanwhile; at the end how long a start takes from the process to the first answered request.
"""
import argparse, http.client, json, os, secrets, shutil, signal, statistics, subprocess, sys, tempfile, threading, time
import urllib.parse

import packs as generator

API = "/api/data/v9.2/"


class Server:
    def __init__(self, folder, data, database, port, password):
        self.port = port
        whole = os.path.exists(os.path.join(folder, "libcoreclr.so"))  # published with the runtime
        program = [os.path.join(folder, "Platform.Server")] if whole else ["dotnet", os.path.join(folder, "Platform.Server.dll")]
        command = [*program, "--data", data, "--urls", "http://127.0.0.1:%d" % port]
        if database:
            command += ["--database", database]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                        env=dict(os.environ, PLATFORM_ADMIN_PASSWORD=password, Logging__LogLevel__Default="Warning"))

    def ask(self, method, path, body=None, headers=None, connection=None):
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def cpu(self):
        """Milliseconds of processor time so far: on a machine that others use, what does not depend on them."""
        with open("/proc/%d/stat" % self.process.pid) as f:
            ticks = f.read().rsplit(")", 1)[1].split()
        return 1000 * (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    def first_answer(self, path, headers):
        """Asks until somebody answers with 200."""
        while True:
            if self.process.poll() is not None:
                sys.exit("the server ended with %d" % self.process.returncode)
            try:
                status, content, _ = self.ask("GET", path, headers=headers)
                if status == 200:
                    return content
            except OSError:
                pass
            time.sleep(0.005)

    def token(self, password):
        form = urllib.parse.urlencode({"grant_type": "password", "username": "admin", "password": password})
        return json.loads(self.ask("POST", "/connect/token", form, {"Content-Type": "application/x-www-form-urlencoded"})[1])["access_token"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class Readers:
    """Connections that read all the time and note how long each answer took."""

    def __init__(self, server, headers, count=4):
        self.server, self.headers, self.over, self.times = server, headers, False, []
        self.threads = [threading.Thread(target=self.read) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=600)
        while not self.over:
            started = time.perf_counter()
            status, content, _ = self.server.ask("GET", API + "businessunits?$select=name&$top=1", headers=self.headers, connection=connection)
            self.times.append((started, time.perf_counter() - started))
            if status != 200:
                sys.exit("a reader got %d: %s" % (status, content[:300]))
            time.sleep(0.002)

    def longest(self, since):
        return 1000 * max(took for started, took in list(self.times) if started + took >= since)

    def stop(self):
        self.over = True
        for thread in self.threads:
            thread.join()


def milliseconds(work):
    started = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - started), result


def send(server, headers, what, made, **more):
    body = json.dumps(dict({"packs": [{"origin": pack, "files": files} for pack, files in made]}, **more))
    status, content, answered = server.ask("POST", "/api/platform/" + what, body, dict(headers, **{"Content-Type": "application/json"}))
    if status != 200:
        sys.exit("%s: %d %s" % (what, status, content[:2000]))
    return json.loads(content), answered.get("Server-Timing", "")


def apply(server, headers, made, **more):
    return send(server, headers, "apply", made, **more)[1]


def add_column(made, round_):
    """One pack with one more column in one of its tables."""
    pack, files = made[round_ % len(made)]
    table = sorted(path.split("/")[1] for path in files if path.endswith("/entity.json"))[round_ // len(made)]
    path = "entities/%s/entity.json" % table
    entity = json.loads(files[path])
    entity["properties"]["big_new%d" % round_] = {"type": "string", "maxLength": 30, "title": "New %d" % round_}
    files[path] = json.dumps(entity, ensure_ascii=False, indent=1)
    return table, "big_new%d" % round_, [(pack, files)]


def publishes(server, headers, made, rounds, with_readers, planned):
    totals = []
    for round_ in range(rounds):
        table, column, changed = add_column(made, round_)
        server.ask("GET", API + "$metadata", headers=headers)
        # The plan is made, and looked at, before the publish is asked for: platform pack apply does so.
        more = {"expectedPlan": send(server, headers, "plan", changed)[0]["id"]} if planned else {}
        quiet, readers = server.cpu(), None
        if with_readers:
            readers = Readers(server, headers)
            time.sleep(0.5)
            quiet = server.cpu()
        started = time.perf_counter()
        applied, phases = milliseconds(lambda: apply(server, headers, changed, **more))
        query, answer = milliseconds(lambda: server.ask("GET", API + "%ss?$select=%s&$filter=%s%%20eq%%20null&$top=1" % (table, column, column), headers=headers))
        total, busy = 1000 * (time.perf_counter() - started), server.cpu() - quiet
        document, _ = milliseconds(lambda: server.ask("GET", API + "$metadata", headers=headers))
        longest = readers.longest(started) if readers else 0
        if readers:
            readers.stop()
        if answer[0] != 200:
            sys.exit("the new column is not served: %d %s" % (answer[0], answer[1][:500]))
        totals.append(total)
        print("publish %2d: served after %4.0f ms (processor %4.0f, apply %4.0f, first query %3.0f), first $metadata %3.0f, longest read %3.0f | %s"
              % (round_ + 1, total, busy, applied, query, document, longest, phases), flush=True)
    print("median %.0f ms, first %.0f ms" % (statistics.median(totals), totals[0]), flush=True)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--server", required=True)
    ap.add_argument("--entities", type=int, default=200)
    ap.add_argument("--columns", type=int, default=40)
    ap.add_argument("--rounds", type=int, default=8)
    ap.add_argument("--starts", type=int, default=3)
    ap.add_argument("--readers", action=argparse.BooleanOptionalAction, default=True)
    ap.add_argument("--planned", action="store_true", help="ask for the plan first, and publish what it says")
    ap.add_argument("--database")
    ap.add_argument("--port", type=int, default=7030)
    a = ap.parse_args()
    data, password = tempfile.mkdtemp(prefix="platform-bench-"), secrets.token_urlsafe(18)
    made = generator.packs(a.entities, a.columns)
    server = Server(a.server, data, a.database, a.port, password)
    try:
        server.first_answer("/health/ready", {})
        headers = {"Authorization": "Bearer " + server.token(password)}
        took, phases = milliseconds(lambda: apply(server, headers, made))
        print("installed %d tables of %d columns in %.0f ms | %s" % (a.entities, a.columns, took, phases), flush=True)
        if a.rounds:
            publishes(server, headers, made, a.rounds, a.readers, a.planned)
        for _ in range(a.starts):
            server.stop()
            started = time.perf_counter()
            server = Server(a.server, data, a.database, a.port, password)
            server.first_answer(API + "big_t000s?$select=big_name&$top=1", headers)
            print("start to first answered request: %.0f ms (processor %.0f ms)" % (1000 * (time.perf_counter() - started), server.cpu()), flush=True)
    finally:
        server.stop()
        shutil.rmtree(data)


if __name__ == "__main__":
    main()
