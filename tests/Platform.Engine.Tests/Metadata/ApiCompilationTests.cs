using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Tests.Metadata;

public sealed class ApiCompilationTests
{
    private const string Pay = "apis/shp_Pay/api.json";
    private const string PaySteps = "apis/shp_Pay/steps.json";

    [Fact]
    public void An_api_is_what_its_folder_says()
    {
        var metadata = new SmallPacks().Snapshot();

        var pay = metadata.FindApi("shp_Pay")!;
        Assert.Equal((ApiBinding.Entity, "shp_order", false, false, "shop"), (pay.Binding, pay.BoundEntity, pay.IsFunction, pay.IsPrivate, pay.Pack));
        Assert.Equal(new ApiPrivilege("shp_order", Privilege.Write), pay.ExecutePrivilege);
        Assert.Equal([("Amount", ApiValueKind.Money, null, false), ("Payer", ApiValueKind.EntityReference, "contact", true)], pay.RequestParameters.Select(parameter => (parameter.Name, parameter.Kind, parameter.Entity, parameter.IsOptional)));
        Assert.Equal(("결제", "금액", "What is left to pay."), (pay.Title.For("ko"), pay.RequestParameters[0].Title.For("ko"), pay.ResponseProperties.Single().Description!.English));
        var step = Assert.Single(pay.Steps);
        Assert.Equal((PluginStage.MainOperation, "shop/apis/shp_Pay/pay.js", "shp_Pay", "shp_order", 500), (step.Stage, step.Script, step.Message, step.Entity, step.Limits.Milliseconds));
        Assert.Null(pay.Whole);
        Assert.Equal((true, true, "Orders"), (metadata.FindApi("shp_List")!.IsFunction, metadata.FindApi("shp_List")!.IsPrivate, metadata.FindApi("shp_List")!.Whole!.Name));
        Assert.Equal(["shp_List", "shp_Pay"], metadata.Apis.Select(api => api.Name));
    }

    [Fact]
    public void A_pack_above_puts_steps_around_an_api_but_is_not_its_operation()
    {
        var packs = new SmallPacks()
            .Write("extra", "pack.json", """{ "id": "extra", "version": "1.0.0", "publisher": { "prefix": "ext", "name": "Extra" }, "title": "Extra", "dependencies": { "shop": ">=1.0.0" } }""")
            .Write("extra", "apis/shp_Pay/steps.json", """{ "steps": [ { "name": "check", "script": "check.csx", "stage": "PreOperation", "rank": 5 } ] }""")
            .Write("extra", "apis/shp_Pay/check.csx", "Context.Trace(\"checked\");");

        Assert.Equal(["pay 1 shop", "check 5 extra"], packs.Snapshot().FindApi("shp_Pay")!.Steps.Select(step => $"{step.Name} {step.Rank} {step.Pack}"));

        packs.Replace("extra", "apis/shp_Pay/steps.json", "PreOperation", "MainOperation");
        Assert.Equal("The operation of 'shp_Pay' is a matter of the pack 'shop'.", Assert.Single(packs.Compile().Errors).Reason);
        packs.Replace("extra", "apis/shp_Pay/steps.json", "MainOperation", "PreOperation").Replace("shop", Pay, "syncAndAsync", "none");
        Assert.Equal("'shp_Pay' allows no steps but its operation.", Assert.Single(packs.Compile().Errors).Reason);
    }

    [Theory]
    [InlineData(Pay, "\"boundEntity\": \"shp_order\"", "\"boundEntity\": \"shp_ordr\"", "There is no entity 'shp_ordr'.")]
    [InlineData(Pay, "\"bindingType\": \"entity\", ", "", "An API that is bound to nothing has no entity.")]
    [InlineData(Pay, "\"boundEntity\": \"shp_order\", ", "", "The key 'boundEntity' is missing.")]
    [InlineData(Pay, "prvWriteshp_Order", "prvPayshp_Order", "'prvPayshp_Order' is no privilege.")]
    [InlineData(Pay, "prvWriteshp_Order", "prvWritenothing", "There is no entity 'nothing'.")]
    [InlineData(Pay, "\"Amount\": {", "\"Target\": {", "'Target' is the name of what an API is bound to.")]
    [InlineData(Pay, "\"Amount\": {", "\"entity\": {", "'entity' is the name of what an API is bound to.")]
    [InlineData(Pay, "\"Payer\": {", "\"amount\": {", "'amount' is too much like 'Amount'.")]
    [InlineData(Pay, "\"type\": \"money\", \"title\": \"Amount\"", "\"type\": \"money\", \"entity\": \"contact\", \"title\": \"Amount\"", "A value of this type is of no table.")]
    [InlineData(Pay, "\"entity\": \"contact\"", "\"entity\": \"contakt\"", "There is no entity 'contakt'.")]
    [InlineData(Pay, "\"bindingType\": \"entity\"", "\"isFunction\": true, \"responseProperties\": { }, \"bindingType\": \"entity\"", "The key 'responseProperties' stands twice in this object.")]
    [InlineData("apis/shp_List/api.json", "\"type\": \"choice\"", "\"type\": \"entityCollection\"", "A function takes no rows with values.")]
    [InlineData(PaySteps, "\"stage\": \"MainOperation\"", "\"stage\": \"PreOperation\"", "Nothing answers for 'shp_Pay'.")]
    [InlineData(PaySteps, "\"stage\": \"MainOperation\"", "\"message\": \"Update\", \"stage\": \"MainOperation\"", "The steps of this folder are about 'shp_Pay'.")]
    [InlineData(PaySteps, "\"stage\": \"MainOperation\"", "\"images\": [ { \"type\": \"pre\", \"alias\": \"a\" } ], \"stage\": \"MainOperation\"", "A step on a custom API has no images.")]
    [InlineData(PaySteps, "] }", ", { \"name\": \"again\", \"script\": \"pay.js\", \"stage\": \"MainOperation\" } ] }", "'shp_Pay' has an operation already.")]
    [InlineData("pack.json", "\"title\": \"Shop\",", "\"title\": \"Shop\", \"standardApis\": [\"PayAll\"],", "The pack has no API 'PayAll'.")]
    [InlineData("labels/ko.json", "\"Amount\": {", "\"Amont\": {", "'Amont' names nothing in this pack.")]
    public void What_is_wrong_with_an_api_is_said_in_one_sentence(string file, string from, string to, string reason)
    {
        var errors = new SmallPacks().Replace("shop", file, from, to).Compile().Errors;
        Assert.Contains(reason, errors.Select(error => error.Reason));
        Assert.All(errors, error => Assert.NotEmpty(error.Hint));
    }

    [Theory]
    [InlineData("Pay", "'Pay' does not begin with the prefix of the pack's publisher.")]
    [InlineData("shp_orders", "'shp_orders' is a name of the table 'shp_order'.")]
    [InlineData("shp_order", "'shp_order' is a name of the table 'shp_order'.")]
    [InlineData("shp_pay", "'shp_pay' is too much like the API 'shp_Pay' of the pack 'shop'.")]
    [InlineData("shp_PayResponse", "'shp_PayResponse' is too much like the API 'shp_Pay' of the pack 'shop'.")]
    [InlineData("shp-pay", "'shp-pay' is not a valid name.")]
    public void A_name_stands_for_one_thing(string name, string reason) =>
        Assert.Equal(reason, Assert.Single(new SmallPacks().Write("shop", $"apis/{name}/api.json", """{ "title": "Other" }""").Compile().Errors).Reason);

    [Fact]
    public void A_standard_name_needs_no_prefix_and_is_none_of_the_platforms()
    {
        SmallPacks Named(string name) => new SmallPacks().Write("shop", $"apis/{name}/api.json", """{ "title": "Other" }""").Replace("shop", "pack.json", "\"title\": \"Shop\",", $"\"title\": \"Shop\", \"standardApis\": [\"{name}\"],");

        Assert.NotNull(Named("PayAll").Snapshot().FindApi("PayAll"));
        Assert.Equal("'Merge' is a message of the platform.", Assert.Single(Named("Merge").Compile().Errors).Reason);
        Assert.Contains(Named("payAll").Compile().Errors, error => error.Reason == "'payAll' is not a name without a prefix.");
    }

    [Fact]
    public void A_folder_without_a_known_api_and_files_out_of_place_are_errors()
    {
        Assert.Equal("There is no API 'shp_Nothing'.", Assert.Single(new SmallPacks().Write("shop", "apis/shp_Nothing/steps.json", """{ "steps": [] }""").Compile().Errors).Reason);
        Assert.Equal("This file has no place in a pack.", Assert.Single(new SmallPacks().Write("shop", "apis/shp_Pay/forms/main.json", "{}").Compile().Errors).Reason);
        Assert.Equal("No step runs this script.", Assert.Single(new SmallPacks().Write("shop", "apis/shp_Pay/other.js", "").Compile().Errors).Reason);
        // One that is broken is not unknown as well.
        Assert.Single(new SmallPacks().Replace("shop", Pay, "{ \"title\"", "{ title").Compile().Errors);
    }
}
