using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>x-states</c>, or gives a table the default states.</summary>
internal static class StateReader
{
    public static void Read(EntityDraft entity, JsonObject file)
    {
        if (file.Find("x-states") is not { } node) return;
        if (!entity.HasState)
        {
            node.Fail("A table without an owner has no states.", "Take x-states out, or set ownership to user or organization.");
            return;
        }

        if (node.IsArray && node.Value.GetArrayLength() == 0) node.Fail("A table without states.", "Give it at least one state, or leave x-states out.");
        var states = ImmutableArray.CreateBuilder<ChoiceOption>();
        var statuses = ImmutableArray.CreateBuilder<ChoiceOption>();
        HashSet<int> stateValues = [], statusValues = [];
        var transitions = new List<JsonNode>();
        foreach (var item in file.Objects("x-states"))
        {
            var value = item.Demand("value", "The statecode, a whole number.")?.AsInteger(0);
            var english = item.DemandTitle("label", "The English text of the state.") ?? "";
            if (item.Demand("statuses", "The status reasons of the state; the first is its default.") is { IsArray: true } list && list.Value.GetArrayLength() == 0)
                list.Fail("A state without statuses.", "Give it at least one.");
            statuses.AddRange(OptionReader.Read(item.Objects("statuses"), statusValues, Place(entity, "statuses"), value, transitions));
            item.Close();
            if (value is not { } number) continue;
            if (!stateValues.Add(number)) item.Find("value")!.Fail($"The state {number} stands twice.", "Give every state its own number.");
            states.Add(new(number, Place(entity, "states").Child(number.ToString(CultureInfo.InvariantCulture)).Read(english)));
        }

        foreach (var place in transitions.Where(place => !statusValues.Contains(place.Value.GetInt32())))
            place.Fail($"There is no status {place.Value.GetInt32()}.", $"The statuses are {string.Join(", ", statusValues.Order())}.");
        entity.States = states.ToImmutable();
        entity.Statuses = statuses.ToImmutable();
        if (entity.Statuses.Where(status => status.IsOfMerged).Skip(1).FirstOrDefault() is { } second)
            node.Fail($"The status {second.Value} is another one of merged rows.", "Keep \"merged\": true at one status.");
    }

    /// <summary>Active and Inactive, translated by core's labels of <c>"*"</c> unless the table's own pack says otherwise.</summary>
    public static void SetDefaults(EntityDraft entity, PackLabels core)
    {
        if (entity.States.Length > 0) return;
        entity.States = [Option("states", 0, "Active"), Option("states", 1, "Inactive")];
        entity.Statuses = [Option("statuses", 1, "Active", 0), Option("statuses", 2, "Inactive", 1)];

        ChoiceOption Option(string kind, int value, string english, int? state = null)
        {
            var key = value.ToString(CultureInfo.InvariantCulture);
            var own = Place(entity, kind).Child(key).Translations();
            var any = core.Translations("entities", RoleDefinition.AnyEntity, kind, key);
            return new(value, new Label(english, own ?? any), state);
        }
    }

    private static LabelPlace Place(EntityDraft entity, string kind) => entity.Pack.Labels.Place("entities", entity.Name, kind);
}
