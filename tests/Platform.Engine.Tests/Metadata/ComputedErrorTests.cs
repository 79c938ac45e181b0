namespace Platform.Engine.Tests.Metadata;

/// <summary>What can be wrong with a calculated column or a rollup, each with its place, its reason and a hint.</summary>
public sealed class ComputedErrorTests
{
    private const string Order = "entities/shp_order/entity.json";
    private const string Replaced = "\"shp_external\": { \"type\": \"string\", \"format\": \"uuid\", \"title\": \"External id\" }";

    public static TheoryData<string, string, string, string> Formulas => new()
    {
        { "\"type\": \"number\"", "shp_totl mul 2", "At character 1: 'shp_order' has no column 'shp_totl'", "'shp_total'" },
        { "\"type\": \"number\"", "shp_total mul", "found the end", "OData" },
        { "\"type\": \"number\"", "shp_total * 2", "At character 11: '*' has no meaning", "mul" },
        { "\"type\": \"number\"", "(shp_total mul 2", "')'", "OData" },
        { "\"type\": \"number\"", "shp_total mul 2 3", "an operator", "OData" },
        { "\"type\": \"number\"", "shp_total mul shp_number", "'mul' takes a number, not a text", "type" },
        { "\"type\": \"number\"", "shp_total divby shp_due", "'divby' takes a number, not a date", "type" },
        { "\"type\": \"number\"", "sqrt(shp_total)", "no function 'sqrt'", "contains" },
        { "\"type\": \"number\"", "flor(shp_total)", "no function 'flor'", "'floor'" },
        { "\"type\": \"number\"", "floor(shp_total,1)", "has 2 arguments", "takes 1" },
        { "\"type\": \"number\"", "round(shp_total,shp_pieces)", "digits of 'round'", "round(" },
        { "\"type\": \"number\"", "shp_number", "yields a text, a column of kind decimal holds a number", "string" },
        { "\"type\": \"integer\"", "shp_total", "a number with a fraction", "round" },
        { "\"type\": \"integer\"", "shp_pieces divby 2", "a number with a fraction", "round" },
        { "\"type\": \"string\"", "shp_express", "yields true or false", "boolean" },
        { "\"type\": \"string\", \"format\": \"date\"", "shp_placed", "yields a point in time", "date()" },
        { "\"type\": \"integer\"", "shp_placed sub createdon", "yields a duration", "totalseconds" },
        { "\"type\": \"integer\"", "totalseconds(shp_placed sub shp_due)", "does not go with a point in time and a date", "date()" },
        { "\"type\": \"boolean\"", "shp_due gt shp_placed", "has a date and a point in time", "date()" },
        { "\"type\": \"boolean\"", "shp_express gt true", "does not compare", "eq or ne" },
        { "\"type\": \"boolean\"", "not shp_total eq 1", "'not' takes true or false", "type" },
        { "\"type\": \"string\"", "case(shp_express:'a',true:1)", "'case' has a text and a whole number", "one type" },
        { "\"type\": \"string\"", "shp_customerid/name", "points to rows of several tables", "shp_customerid_contact, shp_customerid_account" },
        { "\"type\": \"string\"", "shp_customerid_account/nme", "'account' has no column 'nme'", "'name'" },
        { "\"type\": \"string\"", "shp_customerid_acount/name", "no lookup 'shp_customerid_acount'", "'shp_customerid_account'" },
        { "\"type\": \"string\"", "shp_parentid/shp_customerid_account/name", "more than one lookup", "calculated column" },
        { "\"type\": \"string\"", "shp_number/name", "'shp_number' is no lookup", "path" },
        { "\"type\": \"boolean\"", "shp_parentid eq null", "'shp_parentid' is a lookup", "_shp_parentid_value" },
        { "\"type\": \"string\"", "null", "always empty", "value" },
        { "\"type\": \"string\"", "'a", "no meaning", "single quote" },
        { "\"type\": \"string\", \"format\": \"uuid\"", "shp_parentid/shp_orderid", "cannot be calculated", "Possible are" },
        { "\"type\": \"string\"", "shp_external", "builds on itself: shp_order.shp_external → shp_order.shp_external", "circle" },
    };

    [Theory]
    [MemberData(nameof(Formulas))]
    public void A_mistake_in_a_formula_is_reported_at_the_formula(string type, string formula, string reason, string hint) =>
        AssertError($"\"shp_external\": {{ {type}, \"x-formula\": \"{formula}\", \"title\": \"X\" }}", "/properties/shp_external/x-formula", reason, hint);

    public static TheoryData<string, string, string, string> Rollups => new()
    {
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parent\", \"function\": \"count\"", "/relationship", "no 1:N relationship" },
        { "\"type\": \"integer\"", "\"function\": \"count\"", "", "'relationship' is missing" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"median\"", "/function", "'median' is not possible" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"sum\"", "", "'attribute' is missing" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"count\", \"attribute\": \"shp_total\"", "/attribute", "counts rows" },
        { "\"type\": \"number\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"sum\", \"attribute\": \"shp_note\"", "/attribute", "does not aggregate a text" },
        { "\"type\": \"number\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"sum\", \"attribute\": \"shp_status\"", "/attribute", "does not aggregate a choice" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"sum\", \"attribute\": \"shp_total\"", "", "a number with a fraction" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"avg\", \"attribute\": \"shp_pieces\"", "", "a number with a fraction" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"count\", \"filter\": \"shp_totl gt 1\"", "/filter", "no column 'shp_totl'" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"count\", \"filter\": \"shp_total\"", "/filter", "yields a number" },
        { "\"type\": \"integer\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"count\", \"depth\": 1", "/depth", "unknown" },
        { "\"type\": \"string\"", "\"relationship\": \"shp_order_shp_parentid\", \"function\": \"count\"", "", "cannot be a rollup" },
    };

    [Theory]
    [MemberData(nameof(Rollups))]
    public void A_mistake_in_a_rollup_is_reported_at_its_place(string type, string rollup, string pointer, string reason) =>
        AssertError($"\"shp_external\": {{ {type}, \"x-rollup\": {{ {rollup} }}, \"title\": \"X\" }}", $"/properties/shp_external/x-rollup{pointer}", reason, "");

    [Theory]
    [InlineData("default", "1")]
    [InlineData("minimum", "1")]
    [InlineData("x-readOnly", "true")]
    [InlineData("x-audit", "true")]
    public void What_speaks_of_a_stored_value_is_refused(string key, string value) =>
        AssertError($"\"shp_external\": {{ \"type\": \"integer\", \"x-formula\": \"shp_pieces\", \"title\": \"X\", \"{key}\": {value} }}", $"/properties/shp_external/{key}", "not stored", "");

    [Theory]
    [InlineData("\"attributes\": [\"shp_number\"]", "\"attributes\": [\"shp_external\"]", "/x-keys/0/attributes/0")]
    [InlineData("[\"shp_due\", \"statecode\"]", "[\"shp_external\", \"statecode\"]", "/x-indexes/0/attributes/0")]
    [InlineData("\"required\": [\"shp_number\"]", "\"required\": [\"shp_external\"]", "/required/0")]
    [InlineData("\"primaryNameAttribute\": \"shp_number\"", "\"primaryNameAttribute\": \"shp_external\"", "/x-entity/primaryNameAttribute")]
    public void Keys_indexes_and_what_needs_a_stored_column_refuse_it(string from, string to, string pointer) =>
        AssertError("\"shp_external\": { \"type\": \"string\", \"x-formula\": \"shp_number\", \"title\": \"X\" }", pointer, "not stored", "", packs => packs.Replace("shop", Order, from, to));

    [Fact]
    public void Seeds_and_filtering_attributes_refuse_it()
    {
        var errors = Packs("\"shp_external\": { \"type\": \"integer\", \"x-formula\": \"shp_pieces\", \"title\": \"X\" }")
            .Replace("shop", "data/20-shp_order.json", "\"shp_status\": 2", "\"shp_external\": 2")
            .Replace("shop", "entities/shp_order/steps.json", "\"filteringAttributes\": [\"shp_total\"]", "\"filteringAttributes\": [\"shp_external\"]")
            .Compile().Errors;

        Assert.Equal(["/rows/0/shp_external", "/steps/0/filteringAttributes/0"], errors.Select(error => error.Pointer));
    }

    [Fact]
    public void A_circle_is_refused_with_its_path_over_tables_rollups_and_filters()
    {
        var errors = Packs("""
            "shp_a": { "type": "number", "x-formula": "shp_b add 1", "title": "A" },
            "shp_b": { "type": "number", "x-rollup": { "relationship": "shp_order_shp_parentid", "function": "sum", "attribute": "shp_total", "filter": "shp_c gt 0" }, "title": "B" },
            "shp_c": { "type": "number", "x-formula": "shp_parentid/shp_a", "title": "C" },
            "shp_d": { "type": "number", "x-formula": "shp_a", "title": "D" }
            """).Compile().Errors;

        Assert.Equal(
            ("/properties/shp_a/x-formula", "The column builds on itself: shp_order.shp_a → shp_order.shp_b → shp_order.shp_c → shp_order.shp_a."),
            (Assert.Single(errors).Pointer, errors[0].Reason));
    }

    [Fact]
    public void All_mistakes_of_a_formula_and_of_the_other_files_are_reported_at_once()
    {
        var errors = Packs("""
            "shp_a": { "type": "number", "x-formula": "shp_x add shp_y mul length(1)", "title": "A" },
            "shp_b": { "type": "number", "x-formula": "shp_a add shp_total", "title": "B" }
            """).Replace("shop", Order, "\"maxLength\": 20", "\"maxLenght\": 20").Compile().Errors;

        Assert.Equal(4, errors.Length);
        Assert.Equal(3, errors.Count(error => error.Pointer == "/properties/shp_a/x-formula"));
    }

    [Fact]
    public void Columns_that_build_on_each_other_without_measure_are_refused()
    {
        var doubled = string.Join(",", Enumerable.Range(1, 12).Select(number => $"\"shp_f{number}\": {{ \"type\": \"number\", \"x-formula\": \"shp_f{number - 1} mul shp_f{number - 1}\", \"title\": \"F\" }}"));

        var error = Packs($"\"shp_f0\": {{ \"type\": \"number\", \"x-formula\": \"shp_total\", \"title\": \"F\" }}, {doubled}").Compile().Errors[0];

        Assert.Contains("operations", error.Reason, StringComparison.Ordinal);
    }

    private static SmallPacks Packs(string columns) => new SmallPacks().Replace("shop", Order, Replaced, columns);

    private static void AssertError(string column, string pointer, string reason, string hint, Func<SmallPacks, SmallPacks>? change = null)
    {
        var packs = Packs(column);
        var compilation = (change?.Invoke(packs) ?? packs).Compile();

        Assert.True(
            compilation.Errors.Any(error => error.Pointer == pointer && error.Reason.Contains(reason, StringComparison.Ordinal) && error.Hint.Contains(hint, StringComparison.Ordinal)),
            $"Expected {pointer}: …{reason}… …{hint}…, found:\n{string.Join("\n", compilation.Errors)}");
        Assert.All(compilation.Errors, error => Assert.NotEmpty(error.Hint));
    }
}
