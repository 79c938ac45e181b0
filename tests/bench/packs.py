"""Generates packs of many tables, of the kinds that real ones have: keys, lookups, choices, money, forms, views, labels, steps."""
import json, os

PER_PACK = 40


def columns(table, count, others):
    """`count` columns of a table; `others` are tables before it, to which lookups point."""
    made = {"big_name": {"type": "string", "maxLength": 100, "title": "Name", "x-searchable": True}}
    kinds = [
        lambda n: {"type": "string", "maxLength": 50 + n, "title": "Text %d" % n},
        lambda n: {"type": "string", "maxLength": 200, "title": "Text %d" % n, "description": "A text of %s." % table},
        lambda n: {"type": "integer", "minimum": 0, "maximum": 1000 + n, "title": "Count %d" % n},
        lambda n: {"type": "number", "x-precision": 3, "title": "Measure %d" % n},
        lambda n: {"type": "number", "x-kind": "money", "title": "Amount %d" % n} if n < 10 else {"type": "number", "title": "Ratio %d" % n},
        lambda n: {"type": "boolean", "title": "Flag %d" % n},
        lambda n: {"type": "string", "format": "date-time", "title": "Moment %d" % n},
        lambda n: {"type": "string", "format": "date", "title": "Day %d" % n},
        lambda n: {"type": "integer", "title": "Stage %d" % n, "x-choice": [{"value": v, "label": "Stage %d of %d" % (v, n)} for v in range(1, 6)]},
        lambda n: {"x-lookup": {"targets": [others[(n + len(table)) % len(others)]], "relationship": "%s_c%d" % (table, n)}, "title": "Link %d" % n},
        lambda n: {"type": "string", "x-kind": "memo", "title": "Remark %d" % n},
    ]
    for n in range(1, count):
        made["big_c%d" % n] = kinds[n % len(kinds)](n)
    if count > 9:
        made["big_c%d" % (count - 1)] = {"type": "number", "title": "Twice", "x-formula": "big_c3 add big_c3"}
    return made


def files_of(tables, position, count, all_tables):
    """Files of one pack, path to text."""
    files = {}
    labels = {"pack": {"title": "묶음 %d" % position}, "entities": {}}
    for table in tables:
        at = all_tables.index(table)
        # Lookups go to tables of the same pack that come before, or to those of core.
        others = [t for t in tables if all_tables.index(t) < at] or ["account", "contact"]
        made = columns(table, count, others)
        folder = "entities/" + table
        files[folder + "/entity.json"] = {
            "title": "Table %s" % table, "type": "object",
            "x-entity": {"logicalName": table, "entitySetName": table + "s", "ownership": "user", "primaryNameAttribute": "big_name"},
            "properties": made, "required": ["big_name"],
            "x-keys": [{"name": "big_key", "title": "Key", "attributes": ["big_name"]}],
        }
        stored = list(made)
        files[folder + "/forms/main.json"] = {"title": "Main", "tabs": [{"name": "general", "title": "General", "sections": [
            {"name": "all", "title": "All", "columns": 2, "fields": stored}]}]}
        files[folder + "/views/active.json"] = {"title": "Active", "default": True, "columns": [{"attribute": c} for c in stored[:8]],
                                                "filter": "statecode eq 0 and big_c2 ne null", "orderby": "big_name asc"}
        files[folder + "/views/all.json"] = {"title": "All", "columns": [{"attribute": c} for c in stored[:8]], "orderby": "createdon desc"}
        if at % 10 == 0:
            files[folder + "/steps.json"] = {"steps": [{"name": "check", "script": "check.js", "message": "Update", "stage": "PreOperation", "filteringAttributes": ["big_c2"]}]}
            files[folder + "/check.js"] = "if (context.target.get(\"big_c2\") > %d) context.reject(\"Too many.\", \"big_too_many\");\n" % (900 + at)
        labels["entities"][table] = {"title": "표 %s" % table, "attributes": {name: {"title": "열 %s" % name} for name in made},
                                     "views": {"active": "사용 중", "all": "전체"},
                                     "forms": {"main": {"title": "기본", "tabs": {"general": "일반"}, "sections": {"all": "전부"}}}}
    files["app/sitemap.json"] = {"name": "big%d" % position, "title": "Big %d" % position, "groups": [
        {"name": "all", "title": "All", "items": [{"entity": table} for table in tables]}]}
    files["roles/user-%d.json" % position] = {"id": "b1900000-0000-4000-8000-%012d" % position, "title": "User of big %d" % position,
                                "privileges": {table: {"read": "organization", "create": "user", "write": "businessUnit"} for table in tables}}
    files["labels/ko.json"] = labels
    files["pack.json"] = {"id": "big%d" % position, "version": "1.0.0", "publisher": {"prefix": "big", "name": "Benchmark"},
                          "title": "Big %d" % position, "dependencies": {"core": ">=1.0.0"}}
    return {path: content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1) for path, content in files.items()}


def packs(entities, count):
    """Packs of at most PER_PACK tables: a list of (id, files)."""
    all_tables = ["big_t%03d" % n for n in range(entities)]
    return [("big%d" % (at // PER_PACK), files_of(all_tables[at:at + PER_PACK], at // PER_PACK, count, all_tables))
            for at in range(0, entities, PER_PACK)]


def write(folder, made):
    for pack, files in made:
        for path, text in files.items():
            file = os.path.join(folder, pack, path)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "w", encoding="utf-8") as f:
                f.write(text)
