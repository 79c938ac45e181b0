using System.Collections.Frozen;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>roles/&lt;name&gt;.json</c>.</summary>
internal sealed class RoleReader(MetadataDraft draft, PackDraft pack)
{
    private static readonly (string Word, Privilege Value)[] Privileges =
    [
        ("create", Privilege.Create), ("read", Privilege.Read), ("write", Privilege.Write), ("delete", Privilege.Delete),
        ("append", Privilege.Append), ("appendTo", Privilege.AppendTo), ("assign", Privilege.Assign), ("share", Privilege.Share),
    ];

    public void Read(string file)
    {
        var name = PackLayout.NameOf(file);
        if (pack.Open(file) is not { } role)
        {
            pack.Labels.Excuse("roles", name);
            return;
        }

        Names.CheckPart(role.Node, name);
        if (draft.Roles.FirstOrDefault(other => other.Name == name) is { } first)
            role.Node.Fail($"The role '{name}' exists already in the pack '{first.Pack}'.", "Give the file another name, or add to that one with x-extends.");
        var title = pack.Labels.Read(role.DemandTitle("title", "The English title of the role.") ?? name, "roles", name);
        var id = ReadId(role);
        var granted = new Dictionary<(string, Privilege), PrivilegeDepth>();
        if (JsonObject.Open(role.Demand("privileges", "{ \"<entity>\": { \"read\": \"user\" } }")) is { } privileges)
        {
            foreach (var node in privileges.All()) ReadEntity(node, granted);
        }

        role.Close();
        draft.Roles.Add(new(id, name, title, pack.Id) { Privileges = granted.ToFrozenDictionary() });
    }

    private Guid ReadId(JsonObject role)
    {
        if (role.Demand("id", "A UUID that stays the same for ever: users keep the role by it.") is not { } node) return default;
        if (!node.IsText || !node.Value.TryGetGuid(out var id) || id == Guid.Empty)
        {
            node.Fail($"A UUID is expected here, found {node.Found}.", "Write it as \"6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10\".");
            return default;
        }

        if (draft.Roles.FirstOrDefault(other => other.Id == id) is { } twin)
            node.Fail($"The role '{twin.Name}' of the pack '{twin.Pack}' has the same id.", "Give every role its own.");
        return id;
    }

    private void ReadEntity(JsonNode node, Dictionary<(string, Privilege), PrivilegeDepth> granted)
    {
        EntityDraft? entity = null;
        if (node.Name != RoleDefinition.AnyEntity && (entity = draft.Resolve(node, node.Name, pack)) is null) return;
        if (JsonObject.Open(node) is not { } depths) return;
        foreach (var (word, privilege) in Privileges)
        {
            if (depths.Find(word) is not { } place) continue;
            var depth = place.AsOneOf(
                ("user", PrivilegeDepth.User), ("businessUnit", PrivilegeDepth.BusinessUnit),
                ("parentChildBusinessUnits", PrivilegeDepth.ParentChildBusinessUnits), ("organization", PrivilegeDepth.Organization));
            if (depth is not { } known) continue;
            if (entity is { Broken: false, Ownership: not Ownership.User }) CheckUnowned(place, entity, privilege, word, known);
            granted[(node.Name, privilege)] = known;
        }

        depths.Close();
    }

    private static void CheckUnowned(JsonNode place, EntityDraft entity, Privilege privilege, string word, PrivilegeDepth depth)
    {
        if (privilege is Privilege.Assign or Privilege.Share) place.Fail($"Rows of '{entity.Name}' have no owner, hence no privilege '{word}'.", "Take it out.");
        else if (depth != PrivilegeDepth.Organization) place.Fail($"Rows of '{entity.Name}' have no owner, hence no depth but organization.", "Write \"organization\".");
    }
}
