using Platform.Engine.Tests.Metadata;

namespace Platform.Packs.Tests.Schemas;

/// <summary>A file with one mistake: a piece of it is replaced.</summary>
/// <param name="Pack">The pack whose file it is: <c>shop</c>, or the layer above it.</param>
internal sealed record BrokenFile(string Pack, string File, string From, string To)
{
    public SmallPacks Packs() => (Pack == LayeredPacks.Customization ? LayeredPacks.Make() : new SmallPacks()).Replace(Pack, File, From, To);

    public string Text() => Packs().Files.Single(pack => pack.Origin == $"packs/{Pack}").Files[File];

    public override string ToString() => $"{Pack}/{File} with {To} instead of {From}";
}

/// <summary>One row for each rule that a schema can tell without looking into other files.</summary>
internal static class BrokenFiles
{
    private const string Manifest = "pack.json";
    private const string Order = "entities/shp_order/entity.json";
    private const string Steps = "entities/shp_order/steps.json";
    private const string Form = "entities/shp_order/forms/main.json";
    private const string View = "entities/shp_order/views/active.json";
    private const string Choice = "choices/shp_region.json";
    private const string Api = "apis/shp_Pay/api.json";
    private const string Listing = "apis/shp_List/api.json";
    private const string ApiSteps = "apis/shp_Pay/steps.json";
    private const string Role = "roles/clerk.json";
    private const string SiteMap = "app/sitemap.json";
    private const string App = "app/shop.json";
    private const string Peers = "relationships/contact_peers.json";
    private const string Seed = "data/20-shp_order.json";
    private const string Labels = "labels/ko.json";

    public static IEnumerable<BrokenFile> All =>
        [.. Declared.Select(row => new BrokenFile("shop", row.File, row.From, row.To)), .. Layered.Select(row => new BrokenFile(LayeredPacks.Customization, row.File, row.From, row.To))];

    private static readonly (string File, string From, string To)[] Declared =
    [
        (Manifest, "\"version\"", "\"versoin\""),
        (Manifest, "\"1.0.0\", \"publisher\"", "\"1.0\", \"publisher\""),
        (Manifest, "\"1.0.0\", \"publisher\"", "\"01.0.0\", \"publisher\""),
        (Manifest, "\"shp\"", "\"S\""),
        (Manifest, "\"id\": \"shop\"", "\"id\": \"My Shop\""),
        (Manifest, "\">=1.0.0\"", "\"^1.0.0\""),
        (Manifest, "https://api.example.com", "api.example.com"),
        (Manifest, "https://api.example.com", "https://api.example.com/path"),
        (Manifest, "\"shp_key\"", "\"Shp-Key\""),
        (Manifest, "\"title\": \"Shop\",", ""),
        (Manifest, "\"publisher\": { \"prefix\": \"shp\", \"name\": \"Shop\" }", "\"publisher\": \"Shop\""),
        (Manifest, "\"title\": \"Shop\"", "\"title\": \"\""),
        (Manifest, "\"title\": \"Shop\",", "\"title\": \"Shop\", \"standardTables\": [\"shp_order\"],"),
        (Manifest, "\"title\": \"Shop\",", "\"title\": \"Shop\", \"standardTables\": \"lead\","),
        (Manifest, "\"title\": \"Shop\"", $"\"title\": \"{new string('x', 401)}\""),
        (Order, "What a customer buys.", new string('x', 2001)),
        (Manifest, "\"title\": \"Shop\",", "\"title\": \"Shop\", \"standardApis\": [\"shp_Pay\"],"),
        (Api, "\"title\": \"Pay an order\", ", ""),
        (Api, "\"bindingType\": \"entity\"", "\"bindingType\": \"row\""),
        (Api, "\"boundEntity\": \"shp_order\", ", ""),
        (Api, "\"bindingType\": \"entity\", ", ""),
        (Api, "\"executePrivilege\": \"prvWriteshp_Order\"", "\"executePrivilege\": \"write\""),
        (Api, "\"syncAndAsync\"", "\"sync\""),
        (Api, "\"type\": \"money\", \"title\": \"Amount\"", "\"type\": \"currency\", \"title\": \"Amount\""),
        (Api, "\"type\": \"money\", \"title\": \"Amount\"", "\"title\": \"Amount\""),
        (Api, "\"title\": \"Amount\"", "\"title\": \"\""),
        (Api, "\"type\": \"money\", \"title\": \"Amount\"", "\"type\": \"money\", \"entity\": \"contact\", \"title\": \"Amount\""),
        (Api, "\"isOptional\": true", "\"isOptional\": \"yes\""),
        (Api, "\"title\": \"Left\"", "\"title\": \"Left\", \"isOptional\": true"),
        (Api, "\"Amount\":", "\"1Amount\":"),
        (Listing, "\"responseProperties\": { \"Orders\": { \"type\": \"entityCollection\", \"entity\": \"shp_order\", \"title\": \"Orders\" } }", "\"responseProperties\": { }"),
        (Listing, "\"type\": \"choice\"", "\"type\": \"entity\""),
        (Listing, "\"isPrivate\": true", "\"isPrivate\": 1"),
        (ApiSteps, "\"MainOperation\"", "\"Operation\""),
        (ApiSteps, "\"script\": \"pay.js\", ", ""),
        (ApiSteps, "\"limits\"", "\"filteringAttributes\": [\"shp_total\"], \"limits\""),
        (Labels, "\"title\": \"금액\"", "\"label\": \"금액\""),
        (Choice, "\"South\"", $"\"{new string('x', 401)}\""),
        (Form, "\"General\"", $"\"{new string('x', 401)}\""),
        (Labels, "새로움", new string('x', 401)),
        (Labels, "너무 많습니다.", new string('x', 2001)),
        (Order, "\"title\": \"Order\", \"desc", "\"desc"),
        (Order, "\"entitySetName\": \"shp_orders\", ", ""),
        (Order, "\"ownership\": \"user\"", "\"ownership\": \"team\""),
        (Order, "\"type\": \"object\"", "\"type\": \"array\""),
        (Order, "\"changeTracking\": true", "\"changeTracking\": 1"),
        (Order, "\"collectionTitle\"", "\"plural\""),
        (Order, "\"description\": \"What a customer buys.\"", "\"description\": null"),
        (Order, "\"required\": [\"shp_number\"]", "\"required\": [\"shp_number\", \"shp_number\"]"),
        (Order, "\"required\": [\"shp_number\"]", "\"required\": \"shp_number\""),
        (Order, "\"x-entity\": {", "\"x-entty\": {"),
        (Order, "\"shp_due\":", "\"Due-Date\":"),
        (Order, "\"title\": \"Due\" }", "\"label\": \"Due\" }"),
        (Order, "\"format\": \"uuid\"", "\"format\": \"guid\""),
        (Order, "\"type\": \"number\", \"x-kind\": \"money\"", "\"type\": \"string\", \"x-kind\": \"money\""),
        (Order, "\"type\": \"boolean\"", "\"type\": \"bool\""),
        (Order, "\"maxLength\": 20", "\"maxLength\": 5000"),
        (Order, "\"maxLength\": 20", "\"maxLength\": 0"),
        (Order, "\"maxLength\": 20", "\"maxLenght\": 20"),
        (Order, "\"minimum\": 1,", "\"minimum\": 1, \"maxLength\": 3,"),
        (Order, "\"maximum\": 99,", "\"maximum\": 99.5,"),
        (Order, "\"maximum\": 99,", "\"maximum\": 3000000000,"),
        (Order, "\"maximum\": 99, \"default\": 1", "\"maximum\": 99, \"default\": \"1\""),
        (Order, "\"x-precision\": 3", "\"x-precision\": 11"),
        (Order, "^[A-Z]-[0-9]+$", "^[A-Z"),
        (Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 2, \"label\": \"Paid\", \"color\": \"#123456\" }"),
        (Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 2 }"),
        (Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": \"2\", \"label\": \"Paid\" }"),
        (Order, "{ \"value\": 2, \"label\": \"Paid\" }", "{ \"value\": 2, \"label\": \"Paid\", \"transitions\": [1] }"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": {},"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-1\" },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:0}\" },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:5\" },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"{RANDSTRING:7}\" },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-autoNumber\": { \"format\": \"A-{SEQNUM:2}\", \"seed\": -1 },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"default\": \"A-1\", \"x-autoNumber\": { \"format\": \"A-{SEQNUM:2}\" },"),
        (Order, "\"minimum\": 1,", "\"minimum\": 1, \"x-autoNumber\": { \"format\": \"{SEQNUM:2}\" },"),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"format\": \"email\", \"x-format\": \"phone\","),
        (Order, "\"maxLength\": 20,", "\"maxLength\": 20, \"x-fullName\": { \"given\": \"shp_note\" },"),
        (Order, "\"format\": \"date-time\"", "\"format\": \"date-time\", \"x-dateBehavior\": \"local\""),
        (Order, "\"format\": \"date-time\"", "\"format\": \"date-time\", \"default\": \"2026-01-31T09:30:00\""),
        (Order, "\"format\": \"date\",", "\"format\": \"date\", \"default\": \"31.01.2026\","),
        (Order, "\"format\": \"uuid\",", "\"format\": \"uuid\", \"default\": \"none\","),
        (Order, "{ \"true\": \"Express\", \"false\": \"Normal\" }", "{ \"true\": \"Express\" }"),
        (Order, "\"shp_region\": { \"type\": \"integer\"", "\"shp_region\": { \"type\": \"array\""),
        (Order, "\"shp_region\": { \"type\": \"integer\"", "\"shp_region\": { \"type\": \"array\", \"items\": { \"type\": \"string\" }"),
        (Order, "\"shp_due\": { \"type\": \"string\", \"format\": \"date\"", "\"shp_due\": { \"type\": \"array\""),
        (Order, "[\"contact\", \"account\"]", "[]"),
        (Order, "\"restrict\"", "\"restricted\""),
        (Order, "[\"shp_order\"] }", "[\"shp_order\"] }, \"default\": null"),
        (Order, "[\"shp_order\"] }", "[\"shp_order\"] }, \"type\": \"string\""),
        (Order, "\"onDelete\": \"restrict\"", "\"onDelete\": \"restrict\", \"cascade\": { \"delete\": \"cascade\" }"),
        (Order, "[\"shp_order\"] }", "[\"shp_order\"], \"cascade\": { \"assign\": \"all\" } }"),
        (Order, "\"title\": \"Note\"", "\"title\": \"Note\", \"format\": \"email\""),
        (Order, "\"title\": \"Pieces\"", "\"title\": \"Pieces\", \"x-kind\": \"bigint\""),
        (Order, "\"title\": \"Weight\"", "\"title\": \"Weight\", \"x-formula\": \"1\", \"default\": 1"),
        (Order, "\"title\": \"Weight\"", "\"title\": \"Weight\", \"x-rollup\": { \"relationship\": \"r\", \"function\": \"sum\" }"),
        (Order, "\"title\": \"Weight\"", "\"title\": \"Weight\", \"x-rollup\": { \"relationship\": \"r\", \"function\": \"median\", \"attribute\": \"shp_total\" }"),
        (Order, "\"title\": \"Number\", \"pattern\": \"^[A-Z]-[0-9]+$\"", "\"title\": \"Number\", \"x-formula\": \"1\", \"x-autoNumber\": { \"format\": \"{SEQNUM:2}\" }"),
        (Order, "\"title\": \"External id\"", "\"title\": \"External id\", \"x-formula\": \"shp_external\""),
        (Order, "\"title\": \"Due\" }", "\"title\": \"Due\", \"x-readOnly\": \"yes\" }"),
        (Order, "\"title\": \"Due\" }", "\"title\": \"Due\", \"x-required\": true }"),
        (Order, "\"title\": \"Due\" }", "\"title\": \"Due\", \"description\": null }"),
        (Order, "\"title\": \"Number\", \"attributes\": [\"shp_number\"]", "\"title\": \"Number\", \"attributes\": []"),
        (Order, "\"name\": \"shp_number_key\", ", ""),
        (Order, "[\"shp_due\", \"statecode\"]", "[\"shp_due\", \"shp_due\"]"),
        (Order, "\"shp_order_due\", \"attr", "\"shp_order_due\", \"title\": \"Due\", \"attr"),
        (Order, "\"required\":", "\"x-states\": [ { \"value\": 0, \"label\": \"Open\", \"statuses\": [] } ], \"required\":"),
        (Order, "\"required\":", "\"x-states\": [], \"required\":"),
        (Order, "\"required\":", "\"x-states\": [ { \"value\": 0, \"label\": \"Open\", \"statuses\": [ { \"value\": 1, \"label\": \"A\", \"merged\": 1 } ] } ], \"required\":"),
        (Order, "\"required\":", "\"x-states\": [ { \"value\": -1, \"label\": \"Open\", \"statuses\": [ { \"value\": 1, \"label\": \"A\" } ] } ], \"required\":"),
        (Choice, "\"title\": \"Region\", ", ""),
        (Choice, "\"label\": \"South\"", "\"labl\": \"South\""),
        (Choice, "\"value\": 2", "\"value\": 2.5"),
        (Choice, "\"label\": \"South\"", "\"label\": \"South\", \"x-removed\": true"),
        (Choice, "\"title\": \"Region\"", "\"title\": \"Region\", \"description\": \"Where\""),
        (Form, "\"columns\": 2", "\"columns\": 3"),
        (Form, "[\"ownerid\"]", "[\"ownerid\", \"ownerid\"]"),
        (Form, "\"title\": \"General\", ", ""),
        (Form, "\"name\": \"order\"", "\"name\": \"The order\""),
        (Form, "\"fields\": [\"shp_number\", \"shp_customerid\"]", "\"fields\": { \"x-add\": [\"shp_number\"] }"),
        (Form, "\"title\": \"General\"", "\"title\": \"General\", \"x-after\": null"),
        (View, "\"width\": 160", "\"width\": \"wide\""),
        (View, "\"width\": 160", "\"width\": 20"),
        (View, "\"filter\"", "\"fliter\""),
        (View, "\"statecode eq 0\"", "null"),
        (View, "\"default\": true", "\"default\": \"yes\""),
        (SiteMap, "\"items\": [ { \"entity\": \"shp_order\" } ]", "\"itms\": []"),
        (SiteMap, "\"name\": \"shop\", ", ""),
        (SiteMap, "{ \"entity\": \"shp_order\" }", "\"shp_order\""),
        (Steps, "\"Update\"", "\"update\""),
        (Steps, "\"PreOperation\"", "\"MainOperation\""),
        (Steps, "\"check.js\", ", "\"check.js\", \"mode\": \"async\", "),
        (Steps, "\"check.js\", ", "\"check.js\", \"runAs\": \"system\", "),
        (Steps, "\"rank\": 10", "\"rank\": -1"),
        (Steps, "\"milliseconds\": 500", "\"milliseconds\": 500000"),
        (Steps, "\"milliseconds\": 500", "\"serviceCalls\": 0"),
        (Steps, "\"script\": \"check.js\"", "\"script\": \"check.py\""),
        (Steps, "\"pre\"", "\"post\""),
        (Steps, "\"message\": \"Update\"", "\"message\": \"Create\""),
        (Steps, "\"config\": { \"floor\": 0 }", "\"config\": 3"),
        (Steps, "\"name\": \"check\", ", ""),
        (Role, "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "clerk"),
        (Role, "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "00000000-0000-0000-0000-000000000000"),
        (Role, "\"read\": \"organization\"", "\"read\": \"all\""),
        (Role, "\"read\": \"organization\"", "\"reed\": \"organization\""),
        (Role, "\"create\": \"user\"", "\"create\": null"),
        (Seed, "\"key\": [\"shp_number\"]", "\"key\": []"),
        (Seed, "\"rows\"", "\"row\""),
        (Seed, "\"shp_status\": 2", "\"shp_status\": { \"value\": 2 }"),
        (Seed, "\"key\": [\"shp_number\"]", "\"key\": [\"shp_number\"], \"demo\": \"no\""),
        (Labels, "\"roles\": { \"clerk\": \"점원\" }", "\"roles\": { \"clerk\": 1 }"),
        (Labels, "\"roles\": { \"clerk\": \"점원\" }", "\"roles\": \"점원\""),
        (Labels, "\"collectionTitle\"", "\"plural\""),
        (Labels, "\"choices\": { \"1\": \"북부\" }", "\"choices\": { \"one\": \"북부\" }"),
        (Labels, "\"keys\": { \"shp_number_key\": \"번호\" }", "\"keys\": { \"shp_number_key\": \"\" }"),
    ];

    private static readonly (string File, string From, string To)[] Layered =
    [
        (Order, "\"x-entity\": { \"coll", "\"x-entity\": { \"ownership\": \"none\", \"coll"),
        (Order, "\"title\": \"Purchase\"", "\"title\": null"),
        (Order, "\"maxLength\": 30", "\"maxLength\": 0"),
        (Order, "\"maxLength\": 30", "\"lenght\": 30"),
        (Order, "\"shp_due\": { \"x-required\": true }", "\"shp_due\": null"),
        (Order, "\"x-required\": false", "\"x-required\": \"no\""),
        (Order, "\"shp_due\": { \"x-required\": true }", "\"shp_due\": { \"type\": \"integer\" }"),
        (Order, "\"title\": \"Agent\", ", "\"title\": \"Agent\", \"x-kind\": \"money\", "),
        (Order, "\"title\": \"Colour\", ", ""),
        (Order, "\"value\": 1, \"x-removed\": true", "\"x-removed\": true"),
        (Order, "\"targets\": [\"contact\"]", "\"targets\": []"),
        (Order, "\"targets\": { \"x-add\"", "\"targets\": { \"x-ad\""),
        (Order, "\"x-extends\": \"shp_order\"", "\"x-extends\": \"Order\""),
        (Order, "\"onDelete\": null", "\"onDelete\": \"forget\""),
        (Order, "\"required\": [\"new_colour\"]", "\"required\": { \"x-add\": [\"new_colour\"] }"),
        (Form, "\"x-add\": [\"shp_status\"]", "\"x-ad\": [\"shp_status\"]"),
        (Form, "\"title\": \"Purchase\"", "\"title\": null"),
        (Form, "\"columns\": null", "\"columns\": 7"),
        (Form, "\"name\": \"more\", ", ""),
        (View, "\"width\": 90", "\"width\": 9"),
        (View, "\"orderby\": null", "\"orderby\": 3"),
        (View, "\"columns\": [ {", "\"colums\": [ {"),
        (Role, "\"delete\": \"user\"", "\"delete\": \"everybody\""),
        (Role, "\"title\": \"Clerks\"", "\"id\": \"6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a11\""),
        (Choice, "\"label\": \"West\"", "\"label\": \"\""),
        (App, "\"icon\": null", "\"name\": \"store\""),
        (Peers, "\"title\": \"Friends\"", "\"entities\": [\"contact\", \"contact\"]"),
        (Labels, "\"apps\": {", "\"appz\": {"),
    ];
}
