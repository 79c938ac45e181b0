using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Sql.Schema;
using Platform.Engine.Sql.Sqlite;

namespace Platform.Engine.Tests.Schema;

public sealed class DdlTextTests
{
    private static readonly EntityDefinition Unit = Tables.Entity("unit", Tables.Text("name"));

    private static readonly EntityDefinition Card = Tables.Entity(
        "card",
        [
            Tables.Text("number"), Tables.Attribute("note", AttributeKind.Memo), Tables.Attribute("points", AttributeKind.Integer),
            Tables.Attribute("rate", AttributeKind.Decimal, 3), Tables.Attribute("price", AttributeKind.Money), Tables.Attribute("ratio", AttributeKind.Double),
            Tables.Attribute("blocked", AttributeKind.Boolean), Tables.Attribute("issued", AttributeKind.DateTime), Tables.Attribute("birthday", AttributeKind.DateOnly),
            Tables.Choice("status", 1, 2), Tables.Lookup("unitid", "unit"), Tables.Lookup("holderid", "unit", "card"), Tables.Lookup("createdby", "unit"),
        ],
        [Tables.Key("card_key", "number", "points")],
        [new IndexDefinition("card_list", ["status", "number"])],
        changeTracking: true);

    [Fact]
    public void A_table_on_SQLite_stores_values_as_text_and_integers()
    {
        Assert.Equal(
            """
            CREATE TABLE "card" (
              "cardid" TEXT NOT NULL PRIMARY KEY,
              "versionnumber" INTEGER NOT NULL,
              "number" TEXT COLLATE NOCASE,
              "note" TEXT COLLATE NOCASE,
              "points" INTEGER,
              "rate" INTEGER,
              "price" INTEGER,
              "ratio" REAL,
              "blocked" INTEGER,
              "issued" TEXT,
              "birthday" TEXT,
              "status" INTEGER,
              "unitid" TEXT REFERENCES "unit" ("unitid"),
              "holderid" TEXT,
              "holderidtype" TEXT,
              "createdby" TEXT
            );
            CREATE UNIQUE INDEX "key.card.card_key" ON "card" ("number", "points");
            CREATE INDEX "system.card.unitid" ON "card" ("unitid");
            CREATE INDEX "system.card.holderid" ON "card" ("holderid");
            CREATE INDEX "system.card.versionnumber" ON "card" ("versionnumber");
            CREATE INDEX "index.card.card_list" ON "card" ("status", "number", "cardid");

            """,
            Script(new SqliteDialect(), Tables.Snapshot(Unit), Tables.Snapshot(Unit, Card)));
    }

    [Fact]
    public void A_table_on_PostgreSQL_has_its_native_types_and_indexes_texts_by_what_they_compare_by()
    {
        Assert.Equal(
            """
            CREATE TABLE "card" (
              "cardid" uuid NOT NULL PRIMARY KEY,
              "versionnumber" bigint NOT NULL,
              "number" text,
              "note" text,
              "points" integer,
              "rate" numeric(28,3),
              "price" numeric(28,4),
              "ratio" double precision,
              "blocked" boolean,
              "issued" timestamptz,
              "birthday" date,
              "status" integer,
              "unitid" uuid,
              "holderid" uuid,
              "holderidtype" text,
              "createdby" uuid
            );
            CREATE UNIQUE INDEX "key.card.card_key" ON "card" ((lower("number" COLLATE "C")), "points");
            CREATE INDEX "system.card.unitid" ON "card" ("unitid");
            CREATE INDEX "system.card.holderid" ON "card" ("holderid");
            CREATE INDEX "system.card.versionnumber" ON "card" ("versionnumber");
            CREATE INDEX "index.card.card_list" ON "card" ("status" NULLS FIRST, (lower("number" COLLATE "C")) NULLS FIRST, "cardid" NULLS FIRST);
            ALTER TABLE "card" ADD CONSTRAINT "fk.card.unitid" FOREIGN KEY ("unitid") REFERENCES "unit" ("unitid");

            """,
            Script(new PostgreSqlDialect(), Tables.Snapshot(Unit), Tables.Snapshot(Unit, Card)));
    }

    [Fact]
    public void A_second_target_of_a_lookup_gives_it_a_companion_and_takes_its_foreign_key()
    {
        var before = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit")));
        var after = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit", "card")));

        Assert.Equal(
            """
            DROP INDEX IF EXISTS "system.card.unitid";
            ALTER TABLE "card" RENAME COLUMN "unitid" TO "unitid.old";
            ALTER TABLE "card" ADD COLUMN "unitid" TEXT;
            ALTER TABLE "card" ADD COLUMN "unitidtype" TEXT;
            UPDATE "card" SET "unitid" = "unitid.old", "unitidtype" = 'unit' WHERE "unitid.old" IS NOT NULL;
            ALTER TABLE "card" DROP COLUMN "unitid.old";
            CREATE INDEX "system.card.unitid" ON "card" ("unitid");

            """,
            Script(new SqliteDialect(), before, after));
    }

    [Fact]
    public void What_changes_nothing_in_the_database_needs_no_statement()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("number", 20), Tables.Choice("status", 1)));
        var after = Tables.Snapshot(Tables.Entity("card", Tables.Text("number", 40), Tables.Choice("status", 1, 2)));

        var plan = SchemaDiff.Between(before, after, new SqliteDialect());

        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Risks);
    }

    [Fact]
    public void Names_longer_than_PostgreSQL_allows_stay_different()
    {
        var stem = new string('a', 60);

        var (one, other) = (SchemaNames.Index(stem, "one"), SchemaNames.Index(stem, "other"));

        Assert.NotEqual(one, other);
        Assert.True(one.Length <= 63 && other.Length <= 63);
    }

    [Fact]
    public void A_stored_schema_reads_back_as_it_was()
    {
        var model = SchemaModel.Of(Tables.Snapshot(Unit, Card), new PostgreSqlDialect());

        var read = StoredSchemas.ReadBack(model);

        Assert.Equal(StoredSchema.Of(model).ToJson(), StoredSchema.Of(read).ToJson());
        Assert.Empty(SchemaDiff.Between(read, model, new PostgreSqlDialect(), 2).Changes);
    }

    private static string Script(SqlDialect dialect, MetadataSnapshot before, MetadataSnapshot after) =>
        DdlWriter.For(dialect).Script(SchemaDiff.Between(before, after, dialect).Changes);
}
