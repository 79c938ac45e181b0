using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>One row for each thing that can be wrong: the change to the packs, and the error's file, pointer and reason.</summary>
public sealed class MetadataErrorTests
{
    private const string Order = "entities/shp_order/entity.json";
    private const string Steps = "entities/shp_order/steps.json";
    private const string Form = "entities/shp_order/forms/main.json";
    private const string View = "entities/shp_order/views/active.json";
    private const string Role = "roles/clerk.json";
    private const string Seed = "data/20-shp_order.json";
    private const string Labels = "labels/ko.json";

    public static TheoryData<string, string, string, string, string> Replacements => new()
    {
        // JSON
        { "pack.json", "\"id\": \"shop\", ", "\"id\": \"shop\", \"id\": \"shop\", ", "/id", "stands twice" },
        { "pack.json", "\"title\": \"Shop\",\n", "// comment\n", "1:87", "invalid start of a property name" },
        { View, "\"Open orders\"", "\"Open\\u0000 orders\"", "1:12", "the character NUL" },
        // pack.json
        { "pack.json", "\"version\"", "\"versoin\"", "/versoin", "'versoin' is unknown" },
        { "pack.json", "\"1.0.0\"", "\"1.0\"", "/version", "'1.0' is not a version" },
        { "pack.json", "\"shp\"", "\"S\"", "/publisher/prefix", "not a valid prefix" },
        { "pack.json", "\"id\": \"shop\"", "\"id\": \"My Shop\"", "/id", "not a valid pack id" },
        { "pack.json", "\"core\": \">=1.0.0\"", "\"core\": \">=1.3.0\"", "/dependencies/core", "installed in version 1.2.0" },
        { "pack.json", "\"core\": \">=1.0.0\"", "\"core\": \"^1.0.0\"", "/dependencies/core", "not a version range" },
        { "pack.json", "\"core\": \">=1.0.0\"", "\"cor\": \">=1.0.0\"", "/dependencies/cor", "'cor' is not installed" },
        { "pack.json", "\"core\": \">=1.0.0\"", "\"core\": \">=1.0.0\", \"shop\": \">=1.0.0\"", "/dependencies/shop", "depends on itself" },
        { "pack.json", "https://api.example.com", "api.example.com", "/capabilities/hosts/0", "not a host" },
        { "pack.json", "shp_key", "key", "/capabilities/secrets/0", "prefix" },
        // x-entity
        { Order, "\"title\": \"Order\", ", "", "", "'title' is missing" },
        { Order, "\"logicalName\": \"shp_order\"", "\"logicalName\": \"shp_orders\"", "/x-entity/logicalName", "folder is called 'shp_order'" },
        { Order, "\"entitySetName\": \"shp_orders\"", "\"entitySetName\": \"orders\"", "/x-entity/entitySetName", "prefix" },
        { Order, "\"entitySetName\": \"shp_orders\", ", "", "/x-entity", "'entitySetName' is missing" },
        { Order, "\"ownership\": \"user\"", "\"ownership\": \"team\"", "/x-entity/ownership", "'team' is not possible" },
        { Order, "\"primaryNameAttribute\": \"shp_number\"", "\"primaryNameAttribute\": \"shp_total\"", "/x-entity/primaryNameAttribute", "of kind money" },
        { Order, "\"primaryNameAttribute\": \"shp_number\"", "\"primaryNameAttribute\": \"shp_nummber\"", "/x-entity/primaryNameAttribute", "no column 'shp_nummber'" },
        { Order, "\"type\": \"object\"", "\"type\": \"array\"", "/type", "not 'array'" },
        { Order, "\"changeTracking\": true", "\"changeTracking\": 1", "/x-entity/changeTracking", "true or false is expected" },
        // columns
        { Order, "\"shp_due\":", "\"Due-Date\":", "/properties/Due-Date", "not a valid name" },
        { Order, "\"shp_external\":", "\"external\":", "/properties/external", "prefix" },
        { Order, "\"shp_external\":", "\"createdon\":", "/properties/createdon", "prefix" },
        { Order, "\"shp_external\":", "\"shp_orderid\":", "/properties/shp_orderid", "every such table has" },
        { Order, "\"shp_external\":", "\"shp_customeridtype\":", "/properties/shp_customeridtype", "keeps the entity it points to" },
        { Order, "\"shp_external\":", "\"shp_customerid_contact\":", "/properties/shp_customerid_contact", "navigation property" },
        { Order, "\"shp_external\": { \"type\": \"string\", \"format\": \"uuid\"", "\"shp_external\": { \"type\": \"string\", \"format\": \"guid\"", "/properties/shp_external/format", "'guid' is not possible" },
        { Order, "\"type\": \"number\", \"x-kind\": \"money\"", "\"type\": \"string\", \"x-kind\": \"money\"", "/properties/shp_total/x-kind", "does not go with" },
        { Order, "\"type\": \"boolean\"", "\"type\": \"bool\"", "/properties/shp_express/type", "'bool' is not possible" },
        { Order, "\"maxLength\": 20", "\"maxLength\": 5000", "/properties/shp_number/maxLength", "whole number" },
        { Order, "\"minimum\": 1,", "\"minimum\": 1, \"maxLength\": 3,", "/properties/shp_pieces/maxLength", "does not apply to a column of kind integer" },
        { Order, "\"minimum\": 1,", "\"minimum\": 100,", "/properties/shp_pieces/minimum", "greater than the maximum" },
        { Order, "\"maximum\": 99,", "\"maximum\": 99.5,", "/properties/shp_pieces/maximum", "digits after the decimal point" },
        { Order, "\"maximum\": 99,", "\"maximum\": 3000000000,", "/properties/shp_pieces/maximum", "that the column can hold" },
        { Order, "\"maximum\": 99, \"default\": 1", "\"maximum\": 99, \"default\": 100", "/properties/shp_pieces/default", "outside the column's range" },
        { Order, "\"maximum\": 99, \"default\": 1", "\"maximum\": 99, \"default\": \"1\"", "/properties/shp_pieces/default", "expects a whole number" },
        { Order, "\"x-precision\": 3", "\"x-precision\": 11", "/properties/shp_weight/x-precision", "whole number" },
        { Order, "^[A-Z]-[0-9]+$", "^[A-Z", "/properties/shp_number/pattern", "not a regular expression" },
        { Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 1, \"label\": \"Paid\" }", "/properties/shp_status/x-choice/1/value", "stands twice" },
        { Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 2, \"label\": \"Paid\", \"color\": \"#123456\" }", "/properties/shp_status/x-choice/1/color", "not a colour" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": {},", "/properties/shp_number/x-autoNumber", "'format' is missing" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-1\" },", "/properties/shp_number/x-autoNumber/format", "no token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:0}\" },", "/properties/shp_number/x-autoNumber/format", "'{SEQNUM:0}' is not a token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:5\" },", "/properties/shp_number/x-autoNumber/format", "'{SEQNUM:5' is not a token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"{SEQNUM:4}}\" },", "/properties/shp_number/x-autoNumber/format", "'}' is not a token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"{RANDSTRING:7}\" },", "/properties/shp_number/x-autoNumber/format", "'{RANDSTRING:7}' is not a token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"{DATETIMEUTC:%}\" },", "/properties/shp_number/x-autoNumber/format", "is not a token" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 3, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:2}\" },", "/properties/shp_number/x-autoNumber/format", "at least 4 characters" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:2}\", \"seed\": -1 },", "/properties/shp_number/x-autoNumber/seed", "whole number from 0" },
        { Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"default\": \"A-1\", \"x-autoNumber\": { \"format\": \"A-{SEQNUM:2}\" },", "/properties/shp_number/default", "does not go with" },
        { Order, "\"minimum\": 1,", "\"minimum\": 1, \"x-autoNumber\": { \"format\": \"{SEQNUM:2}\" },", "/properties/shp_pieces/x-autoNumber", "does not apply to a column of kind integer" },
        { Order, "\"required\": [", "\"x-states\": [ { \"value\": 0, \"label\": \"Open\", \"statuses\": [ { \"value\": 1, \"label\": \"Open\", \"transitions\": [1, 5] } ] } ], \"required\": [", "/x-states/0/statuses/0/transitions/1", "no status 5" },
        { Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 2, \"label\": \"Paid\", \"transitions\": [1] }", "/properties/shp_status/x-choice/1/transitions", "is unknown" },
        { Order, "\"shp_weight\": {", "\"shp_total_base\": {", "/properties/shp_total_base", "in the base currency" },
        { Order, "\"shp_region\": { \"type\": \"integer\"", "\"shp_region\": { \"type\": \"array\"", "/properties/shp_region", "'items' is missing" },
        { Order, "\"shp_region\": { \"type\": \"integer\"", "\"shp_region\": { \"type\": \"array\", \"items\": { \"type\": \"string\" }", "/properties/shp_region/items/type", "not 'string'" },
        { Order, "\"shp_region\": { \"type\": \"integer\"", "\"shp_region\": { \"type\": \"array\", \"items\": { \"type\": \"integer\" }, \"default\": [1, 9]", "/properties/shp_region/default/1", "no value 9" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"array\"", "/properties/shp_due/type", "An array holds values of a choice" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"object\"", "/properties/shp_due/type", "An object is a point on the earth" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"object\", \"x-kind\": \"memo\"", "/properties/shp_due/x-kind", "An object is a point on the earth" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"object\", \"x-kind\": \"geoPoint\", \"default\": { \"type\": \"Point\", \"coordinates\": [1, 91] }", "/properties/shp_due/default/coordinates", "the latitude, -90 to 90" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"object\", \"x-kind\": \"geoPoint\", \"maxLength\": 3", "/properties/shp_due/maxLength", "does not apply to a column of kind geoPoint" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"string\", \"x-kind\": \"file\", \"x-allowedTypes\": [\"pdf\"]", "/properties/shp_due/x-allowedTypes/0", "neither the ending of a name nor a media type" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"string\", \"x-kind\": \"image\", \"x-maxSizeInKB\": 30721", "/properties/shp_due/x-maxSizeInKB", "found 30721" },
        { Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"string\", \"x-kind\": \"file\", \"default\": \"x\"", "/properties/shp_due/default", "Files and images have no default" },
        { Order, "\"default\": 1, \"title\": \"Status\"", "\"default\": 3, \"title\": \"Status\"", "/properties/shp_status/default", "no value 3" },
        { Order, "\"x-choice\": \"shp_region\"", "\"x-choice\": \"shp_regoin\"", "/properties/shp_region/x-choice", "no choice 'shp_regoin'" },
        { Order, "[\"contact\", \"account\"]", "[\"contact\", \"acount\"]", "/properties/shp_customerid/x-lookup/targets/1", "no entity 'acount'" },
        { Order, "[\"contact\", \"account\"]", "[]", "/properties/shp_customerid/x-lookup/targets", "without targets" },
        { Order, "\"restrict\"", "\"restricted\"", "/properties/shp_customerid/x-lookup/onDelete", "'restricted' is not possible" },
        { Order, "[\"shp_order\"] }", "[\"shp_order\"], \"relationship\": \"lk_contact_createdby\" }", "/properties/shp_parentid", "is also that of" },
        { Order, "[\"shp_order\"] }", "[\"shp_order\"], \"relationship\": \"shp_total\" }", "/properties/shp_parentid", "navigation property of 'shp_order'" },
        { Order, "[\"shp_order\"] }", "[\"shp_order\"] }, \"default\": null", "/properties/shp_parentid/default", "no default" },
        { Order, "\"required\": [\"shp_number\"]", "\"required\": [\"shp_numbr\"]", "/required/0", "no column 'shp_numbr'" },
        { Order, "\"required\": [\"shp_number\"]", "\"required\": [\"createdon\"]", "/required/0", "filled by the engine" },
        // keys, indexes, states
        { Order, "\"title\": \"Number\", \"attributes\": [\"shp_number\"]", "\"title\": \"Number\", \"attributes\": [\"shp_nr\"]", "/x-keys/0/attributes/0", "no column 'shp_nr'" },
        { Order, "\"title\": \"Number\", \"attributes\": [\"shp_number\"]", "\"title\": \"Number\", \"attributes\": [\"shp_note\"]", "/x-keys/0/attributes/0", "of kind memo cannot be part of a key" },
        { Order, "\"title\": \"Number\", \"attributes\": [\"shp_number\"]", "\"title\": \"Number\", \"attributes\": []", "/x-keys/0", "0 columns" },
        { Order, "\"shp_order_due\"", "\"shp_number_key\"", "/x-indexes/0", "two keys or indexes" },
        { Order, "[\"shp_due\", \"statecode\"]", "[\"shp_due\", \"shp_due\"]", "/x-indexes/0/attributes/1", "stands twice" },
        { Order, "\"required\":", "\"x-states\": [ { \"value\": 0, \"label\": \"Open\", \"statuses\": [] } ], \"required\":", "/x-states/0/statuses", "without statuses" },
        { Order, "\"required\":", "\"x-states\": [ { \"value\": 0, \"label\": \"Open\", \"statuses\": [ { \"value\": 1, \"label\": \"A\" }, { \"value\": 1, \"label\": \"B\" } ] } ], \"required\":", "/x-states/0/statuses/1/value", "stands twice" },
        // extension
        { "entities/contact/entity.json", "\"x-extends\": \"contact\"", "\"x-extends\": \"account\"", "/x-extends", "folder is called 'contact'" },
        { "entities/contact/entity.json", "\"shp_vip\"", "\"vip\"", "/properties/vip", "prefix" },
        // choices
        { "choices/shp_region.json", "\"title\": \"Region\", ", "", "", "'title' is missing" },
        { "choices/shp_region.json", "\"label\": \"South\"", "\"labl\": \"South\"", "/values/1/labl", "unknown" },
        // forms and views
        { Form, "\"shp_customerid\"", "\"shp_customer\"", "/tabs/0/sections/0/fields/1", "no column 'shp_customer'" },
        { Form, "[\"shp_number\", \"shp_customerid\"]", "[\"shp_number\", \"shp_number\"]", "/tabs/0/sections/0/fields/1", "twice" },
        { Form, "\"ownerid\"", "\"owner\"", "/header/0", "no column 'owner'" },
        { Form, "\"columns\": 2", "\"columns\": 3", "/tabs/0/sections/0/columns", "whole number" },
        { View, "\"shp_number\", \"width\": 160", "\"shp_no\", \"width\": 160", "/columns/0/attribute", "no column 'shp_no'" },
        { View, "\"width\": 160", "\"width\": \"wide\"", "/columns/0/width", "whole number" },
        { View, "\"filter\"", "\"fliter\"", "/fliter", "unknown" },
        // steps
        { Steps, "\"script\": \"check.js\"", "\"script\": \"chek.js\"", "/steps/0/script", "no file entities/shp_order/chek.js" },
        { Steps, "\"script\": \"check.js\"", "\"script\": \"check.ts\"", "/steps/0/script", "is no script" },
        { Steps, "\"message\": \"Update\"", "\"message\": \"Upsert\"", "/steps/0/message", "not available" },
        { Steps, "\"message\": \"Update\"", "\"message\": \"Create\"", "/steps/0/filteringAttributes", "runs always" },
        { Steps, "\"message\": \"Update\"", "\"message\": \"Create\"", "/steps/0/images/0/type", "no row to show" },
        { Steps, "\"type\": \"pre\"", "\"type\": \"post\"", "/steps/0/images/0/type", "not written yet" },
        { Steps, "\"stage\": \"PreOperation\"", "\"stage\": \"MainOperation\"", "/steps/0/stage", "custom APIs" },
        { Steps, "\"stage\": \"PreOperation\"", "\"stage\": \"PreOp\"", "/steps/0/stage", "'PreOp' is not possible" },
        { Steps, "\"rank\": 10", "\"rank\": 10, \"mode\": \"async\"", "/steps/0/mode", "not available yet" },
        { Steps, "\"rank\": 10", "\"rank\": 10, \"runAs\": \"system\"", "/steps/0/runAs", "does not ask for the rights of the system" },
        { Steps, "\"rank\": 10", "\"rank\": -1", "/steps/0/rank", "whole number" },
        { Steps, "\"filteringAttributes\": [\"shp_total\"]", "\"filteringAttributes\": [\"shp_sum\"]", "/steps/0/filteringAttributes/0", "no column 'shp_sum'" },
        { Steps, "\"attributes\": [\"shp_total\"]", "\"attributes\": [\"shp_sum\"]", "/steps/0/images/0/attributes/0", "no column 'shp_sum'" },
        { Steps, "\"config\": { \"floor\": 0 }", "\"config\": []", "/steps/0/config", "An object is expected" },
        { Steps, "\"milliseconds\": 500", "\"milliseconds\": 120001", "/steps/0/limits/milliseconds", "whole number" },
        { Steps, "\"milliseconds\": 500", "\"seconds\": 5", "/steps/0/limits/seconds", "unknown" },
        // roles, site map
        { Role, "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "clerk", "/id", "A UUID is expected" },
        { Role, "\"shp_order\"", "\"shp_oder\"", "/privileges/shp_oder", "no entity 'shp_oder'" },
        { Role, "\"create\"", "\"creat\"", "/privileges/shp_order/creat", "unknown" },
        { Role, "\"*\": { \"read\": \"user\" }", "\"team\": { \"read\": \"user\" }", "/privileges/team/read", "no depth but organization" },
        { Role, "\"*\": { \"read\": \"user\" }", "\"team\": { \"assign\": \"organization\" }", "/privileges/team/assign", "no privilege 'assign'" },
        { "app/sitemap.json", "{ \"entity\": \"shp_order\" }", "{ \"entity\": \"shp_oder\" }", "/groups/0/items/0/entity", "no entity 'shp_oder'" },
        // data
        { Seed, "\"entity\": \"shp_order\"", "\"entity\": \"shp_odr\"", "/entity", "no entity 'shp_odr'" },
        { Seed, "\"key\": [\"shp_number\"]", "\"key\": [\"shp_nr\"]", "/key/0", "no column 'shp_nr'" },
        { Seed, "\"shp_number\": \"A-1\", ", "", "/rows/0", "no value for 'shp_number'" },
        { Seed, "\"A-1\"", "\"1\"", "/rows/0/shp_number", "does not match" },
        { Seed, "12.5", "12.555", "/rows/0/shp_total", "digits after the decimal point" },
        { Seed, "09:30:00+09:00", "09:30:00", "/rows/0/shp_placed", "a point in time" },
        { Seed, "2026-02-28", "2026-02-30", "/rows/0/shp_due", "a date" },
        { Seed, "\"shp_status\": 2", "\"shp_status\": 5", "/rows/0/shp_status", "no value 5" },
        { Seed, "\"shp_status\": 2", "\"createdon\": \"2026-01-01T00:00:00Z\"", "/rows/0/createdon", "set by the engine" },
        { Seed, "\"entity\": \"contact\"", "\"entity\": \"team\"", "/rows/0/shp_customerid/entity", "does not point to 'team'" },
        { Seed, "\"emailaddress1\": \"anna@example.com\"", "\"email\": \"anna@example.com\"", "/rows/0/shp_customerid/key/email", "no column 'email'" },
        // labels
        { Labels, "\"shp_number\": { \"title\": \"번호\" }", "\"shp_nmber\": { \"title\": \"번호\" }", "/entities/shp_order/attributes/shp_nmber", "names nothing" },
        { Labels, "\"views\": { \"active\"", "\"views\": { \"actve\"", "/entities/shp_order/views/actve", "names nothing" },
        { Labels, "\"choices\": { \"1\": \"새로움\" }", "\"choices\": { \"7\": \"새로움\" }", "/entities/shp_order/attributes/shp_status/choices/7", "names nothing" },
        { Labels, "\"shp_order\": {", "\"shp_oder\": {", "/entities/shp_oder", "names nothing" },
        { Labels, "\"shp_too_much\"", "\"shp_to_much\"", "/messages/shp_to_much", "No script" },
        { Labels, "\"roles\": { \"clerk\": \"점원\" }", "\"roles\": { \"clerk\": 1 }", "/roles/clerk", "A text is expected" },
        { Labels, "\"roles\": { \"clerk\": \"점원\" }", "\"roles\": \"점원\"", "/roles", "An object is expected" },
    };

    [Theory]
    [MemberData(nameof(Replacements))]
    public void A_mistake_is_reported_with_its_place_its_reason_and_a_hint(string file, string from, string to, string pointer, string reason)
    {
        var compilation = new SmallPacks().Replace("shop", file, from, to).Compile();

        Assert.Null(compilation.Snapshot);
        var error = compilation.Errors.FirstOrDefault(error => error.File == $"packs/shop/{file}" && error.Pointer == pointer && error.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.True(error is not null, $"Expected {file}#{pointer}: …{reason}…, found:\n{string.Join("\n", compilation.Errors)}");
        Assert.All(compilation.Errors, found => Assert.NotEmpty(found.Hint));
    }

    public static TheoryData<string, string, string, string> NewFiles => new()
    {
        { "entities/shp_order/chart.json", "{}", "", "no place in a pack" },
        { "entities/shp_order/unused.csx", "", "", "No step runs this script" },
        { "data/contact.json", "{}", "", "no place in a pack" },
        { "labels/korean.json", "{}", "", "no place in a pack" },
        { "labels/xx.json", "{}", "", "'xx' is no language" },
        { "entities/shp_order/check.js", "context.trace('\0');", "", "the character NUL" },
        { "choices/region.json", """{ "title": "R", "values": [ { "value": 1, "label": "N" } ] }""", "", "prefix" },
        { "choices/shp_empty.json", """{ "title": "R", "values": [] }""", "/values", "without values" },
        { "entities/shp_twin/entity.json", SmallPacks.Table("shp_twin", "shp_orders", "none", "\"shp_name\": { \"type\": \"string\", \"title\": \"N\" }", "shp_name"), "/x-entity/entitySetName", "also that of 'shp_order'" },
        { "entities/contact/forms/main.json", """{ "title": "F", "tabs": [ { "name": "a", "title": "A", "sections": [ { "name": "s", "title": "S", "fields": ["fullnme"] } ] } ] }""", "/tabs/0/sections/0/fields/0", "no column 'fullnme'" },
        { "entities/shp_order/views/other.json", """{ "title": "O", "default": true, "columns": [ { "attribute": "shp_number" } ] }""", "/default", "default view already" },
        { "entities/lead/views/all.json", """{ "title": "O", "columns": [ { "attribute": "name" } ] }""", "", "no entity 'lead'" },
        { "entities/shp_flag/entity.json", """{ "title": "F", "x-entity": { "logicalName": "shp_flag", "entitySetName": "shp_flags", "ownership": "none" }, "x-states": [] }""", "/x-states", "has no states" },
        { "roles/twin.json", """{ "id": "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "title": "T", "privileges": {} }""", "/id", "has the same id" },
        { "entities/shp_none/entity.json", """{ "title": "F", "properties": {} }""", "", "'x-entity' is missing" },
        { "entities/account/entity.json", """{ "x-extends": "account", "tilte": "A" }""", "/tilte", "unknown" },
        { "entities/account/entity.json", """{ "x-extends": "account", "required": ["name"] }""", "/required/0", "belongs to the pack 'core'" },
        { "entities/account/entity.json", """[]""", "", "An object is expected" },
    };

    [Theory]
    [MemberData(nameof(NewFiles))]
    public void A_file_that_should_not_be_there_is_reported(string file, string text, string pointer, string reason)
    {
        var errors = new SmallPacks().Write("shop", file, text).Compile().Errors;

        Assert.True(
            errors.Any(error => error.File == $"packs/shop/{file}" && error.Pointer == pointer && error.Reason.Contains(reason, StringComparison.Ordinal)),
            $"Expected {file}#{pointer}: …{reason}…, found:\n{string.Join("\n", errors)}");
        Assert.All(errors, error => Assert.NotEmpty(error.Hint));
    }

    [Fact]
    public void Without_the_base_tables_a_table_that_has_no_views_is_told_what_is_missing()
    {
        var errors = MetadataCompiler.Compile([Columns.ColumnPack.Of(""" "tst_code": { "type": "string", "title": "Code" } """)], 1).Errors;

        Assert.Contains(errors, error => error.Reason == "The pack core is missing.");
    }

    [Fact]
    public void A_hint_names_what_was_meant()
    {
        var errors = new SmallPacks().Replace("shop", Order, "\"maxLength\": 20", "\"maxLenght\": 20").Compile().Errors;

        Assert.Equal("Did you mean 'maxLength'?", Assert.Single(errors).Hint);
    }

    [Fact]
    public void One_status_at_most_is_that_of_merged_rows()
    {
        SmallPacks With(string second) => new SmallPacks().Replace("shop", Order, "\"required\":", $$"""
            "x-states": [ { "value": 0, "label": "Open", "statuses": [ { "value": 1, "label": "Open" } ] },
                          { "value": 1, "label": "Done", "statuses": [ { "value": 2, "label": "Done" }, { "value": 3, "label": "Merged", "merged": true }, { "value": 4, "label": "Twin"{{second}} } ] } ],
            "required":
            """);

        Assert.Equal(3, With("").Snapshot().Entity("shp_order").Attribute("statuscode").Options.Single(status => status.IsOfMerged).Value);
        Assert.Equal("/x-states", Assert.Single(With(", \"merged\": true").Compile().Errors).Pointer);
    }

    [Fact]
    public void Packs_that_depend_on_each_other_are_refused()
    {
        var errors = new SmallPacks()
            .Replace("shop", "pack.json", "\"core\": \">=1.0.0\"", "\"core\": \">=1.0.0\", \"ring\": \">=1.0.0\"")
            .Write("ring", "pack.json", """{ "id": "ring", "version": "1.0.0", "publisher": { "prefix": "rng", "name": "R" }, "title": "R", "dependencies": { "shop": ">=1.0.0" } }""")
            .Compile().Errors;

        Assert.Contains("depend on each other", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_a_pack_that_is_no_dependency_is_refused_with_the_line_to_add()
    {
        var errors = new SmallPacks()
            .Write("ring", "pack.json", """{ "id": "ring", "version": "1.0.0", "publisher": { "prefix": "rng", "name": "R" }, "title": "R" }""")
            .Write("ring", "app/sitemap.json", """{ "name": "ring", "title": "R", "groups": [ { "name": "g", "title": "G", "items": [ { "entity": "shp_order" } ] } ] }""")
            .Compile().Errors;

        var error = Assert.Single(errors);
        Assert.Equal("/groups/0/items/0/entity", error.Pointer);
        Assert.Contains("\"shop\": \">=1.0.0\"", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_has_at_most_ten_keys()
    {
        var keys = string.Join(", ", Enumerable.Range(2, 10).Select(number => $$"""{ "name": "shp_key{{number}}", "attributes": ["shp_external"] }"""));
        var errors = new SmallPacks().Replace("shop", Order, "\"attributes\": [\"shp_number\"] } ]", $"\"attributes\": [\"shp_number\"] }}, {keys} ]").Compile().Errors;

        var error = Assert.Single(errors);
        Assert.Equal("/x-keys/10", error.Pointer);
        Assert.Contains("At most 10", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_core_there_is_one_error_and_not_a_thousand()
    {
        var packs = new SmallPacks();
        var compilation = Engine.Metadata.MetadataCompiler.Compile([packs.Files.Single(pack => pack.Origin == "packs/shop")], 1);

        Assert.All(compilation.Errors, error => Assert.True(error.Reason.Contains("core", StringComparison.Ordinal) || error.Reason.Contains("no entity", StringComparison.Ordinal), error.ToString()));
    }

    [Fact]
    public void Texts_that_people_read_have_a_limit_in_every_language_and_count_as_people_do()
    {
        string title = new('가', 400), description = string.Concat(Enumerable.Repeat("😀", 2000));
        SmallPacks Long(string more) => new SmallPacks()
            .Replace("shop", Order, "\"title\": \"Order\"", $"\"title\": \"{title}{more}\"")
            .Replace("shop", Order, "What a customer buys.", description + more)
            .Replace("shop", Order, "\"label\": \"Paid\"", $"\"label\": \"{title}{more}\"")
            .Replace("shop", View, "Open orders", title + more)
            .Replace("shop", Labels, "새로움", title + more)
            .Replace("shop", Labels, "너무 많습니다.", description + more);

        Assert.Empty(Long("").Compile().Errors);
        var errors = Long("x").Compile().Errors;

        Assert.Equal(
            [(Order, "/title"), (Order, "/description"), (Order, "/properties/shp_status/x-choice/1/label"), (View, "/title"), (Labels, "/entities/shp_order/attributes/shp_status/choices/1"), (Labels, "/messages/shp_too_much")],
            errors.Select(error => (error.File["packs/shop/".Length..], error.Pointer)));
        Assert.Equal(["The text has 401 characters.", "The text has 2001 characters."], errors.Select(error => error.Reason).Distinct().Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public void Half_a_character_in_an_escape_is_reported_with_its_line_and_column()
    {
        var errors = new SmallPacks().Write("shop", "app/sitemap.json", "{ \"name\": \"가\",\n  \"title\": \"\\ud800\" }").Compile().Errors;

        Assert.Equal("2:12", Assert.Single(errors).Pointer);
    }

    [Fact]
    public void A_wildcard_label_that_names_no_system_column_is_an_error()
    {
        var errors = new SmallPacks().Replace("core", Labels, "\"createdon\"", "\"craetedon\"").Compile().Errors;

        var error = Assert.Single(errors);
        Assert.Equal(("packs/core/labels/ko.json", "/entities/*/attributes/craetedon"), (error.File, error.Pointer));
        Assert.Equal("Did you mean 'createdon'?", error.Hint);
    }

    [Fact]
    public void Columns_count_characters_in_Korean_text_too()
    {
        var error = Assert.Single(new SmallPacks().Write("shop", "app/sitemap.json", "{\n  \"title\": \"가게\" \"name\": 1 }").Compile().Errors);

        Assert.Equal("2:17", error.Pointer);
    }
}
