using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Tests.Security;

/// <summary>Who may do what with the rows of <see cref="SharePack"/>: the rules of docs/packs.md word for word, a row at a time, in memory.</summary>
public sealed class ShareModel
{
    private readonly List<ModelRow> rows = [];

    public IReadOnlyList<ModelRow> Rows => rows;

    /// <summary>All shares as the table of shares should hold them.</summary>
    public IEnumerable<string> Shares => rows.SelectMany(row => row.Shares.Where(share => share.Value != default)
        .Select(share => Line(row.Reference.Id, share.Key.Id, (int)share.Value.Own, (int)share.Value.Inherited)));

    public static string Line(Guid row, Guid principal, int own, int inherited) => $"{row:D} {principal:D} {own} {inherited}";

    public void Create(ModelRow row)
    {
        rows.Add(row);
        foreach (var (principal, rights) in HandedOn(row, row.Owner)) row.Shares[principal] = (AccessRights.None, rights);
    }

    public void Grant(ModelRow row, EntityReference principal, AccessRights rights) => Share(row, principal, share => (share.Own | rights, share.Inherited));

    public void Modify(ModelRow row, EntityReference principal, AccessRights rights) => Share(row, principal, share => (rights, share.Inherited));

    public void Revoke(ModelRow row, EntityReference principal) =>
        Share(row, principal, share => (AccessRights.None, share.Inherited & (row.Above is { } above ? above.Access(principal) : AccessRights.None)));

    public void Move(ModelRow row, ModelRow? above)
    {
        if (row.Above == above) return;
        row.Above = above;
        Change(row, row.Owner, () =>
        {
            foreach (var principal in row.Shares.Keys.ToList()) row.Shares[principal] = (row.Shares[principal].Own, AccessRights.None);
            if (IsCircle(row)) return;
            foreach (var (principal, rights) in HandedOn(row, row.Owner)) row.Shares[principal] = (row.Share(principal).Own, rights);
        });
    }

    public void Assign(ModelRow row, EntityReference owner)
    {
        if (row.Owner == owner) return;
        var before = row.Owner;
        Change(row, before, () =>
        {
            row.Owner = owner;
            foreach (var table in SharePack.Tables)
            {
                foreach (var child in Below(row).Where(child => child.Reference.LogicalName == table && Follows(SharePack.Rules[table].Assign, child, before)).ToList())
                    Assign(child, owner);
            }
            if (row.Above is not { } above || above.Owner != before || owner == before) return;
            if (!Follows(SharePack.Rules[row.Reference.LogicalName].Reparent, row, above.Owner, before)) return;
            row.Shares[before] = (row.Share(before).Own, row.Share(before).Inherited | AccessRight.All);
        });
    }

    public void Delete(ModelRow row)
    {
        foreach (var child in Below(row).Where(child => child != row).ToList())
        {
            if (SharePack.Rules[child.Reference.LogicalName].Delete == "cascade") Delete(child);
            else Move(child, null);
        }
        rows.Remove(row);
    }

    public void Forget(EntityReference principal)
    {
        foreach (var row in rows) row.Shares.Remove(principal);
    }

    private static Dictionary<EntityReference, AccessRights> HandedOn(ModelRow row, EntityReference owner)
    {
        if (row.Above is not { } above || !Follows(SharePack.Rules[row.Reference.LogicalName].Reparent, row, above.Owner, owner)) return [];
        return above.Shares.Keys.Append(above.Owner).Distinct()
            .Where(principal => principal != above.Owner || principal != owner)
            .ToDictionary(principal => principal, above.Access);
    }

    private void Share(ModelRow row, EntityReference principal, Func<(AccessRights Own, AccessRights Inherited), (AccessRights, AccessRights)> change)
    {
        var before = row.Access(principal);
        row.Shares[principal] = change(row.Share(principal));
        HandOn(row, row.Owner, principal, row.Access(principal) & ~before, before & ~row.Access(principal), rules => (rules.Share, rules.Unshare), [row]);
    }

    private void Change(ModelRow row, EntityReference ownerBefore, Action change)
    {
        var before = row.Shares.Keys.Append(ownerBefore).Distinct().ToDictionary(principal => principal, row.Access);
        change();
        foreach (var principal in before.Keys.Concat(row.Shares.Keys).Append(row.Owner).Distinct())
        {
            var (was, now) = (before.GetValueOrDefault(principal), row.Access(principal));
            // Nothing was handed on to rows that were theirs, too.
            var handedOn = principal == ownerBefore && principal != row.Owner ? now : now & ~was;
            HandOn(row, ownerBefore, principal, handedOn, was & ~now, rules => (rules.Reparent, "cascade"), [row]);
        }
    }

    private void HandOn(ModelRow above, EntityReference ownerBefore, EntityReference principal, AccessRights gained, AccessRights lost, Func<(string Assign, string Share, string Unshare, string Reparent, string Delete), (string Gain, string Loss)> ruleOf, HashSet<ModelRow> reached)
    {
        if (gained == lost) return;
        foreach (var row in Below(above).ToList())
        {
            if (!reached.Add(row)) continue;
            var (gain, loss) = ruleOf(SharePack.Rules[row.Reference.LogicalName]);
            var before = row.Access(principal);
            var (own, inherited) = row.Share(principal);
            if (Follows(gain, row, ownerBefore) && (principal != above.Owner || principal != row.Owner)) inherited |= gained;
            if (Follows(loss, row, ownerBefore)) inherited &= ~lost;
            row.Shares[principal] = (own, inherited);
            HandOn(row, row.Owner, principal, row.Access(principal) & ~before, before & ~row.Access(principal), ruleOf, reached);
        }
    }

    private IEnumerable<ModelRow> Below(ModelRow row) => rows.Where(child => child.Above == row);

    private static bool IsCircle(ModelRow row)
    {
        var seen = new HashSet<ModelRow>();
        for (var at = row.Above; at is not null && seen.Add(at); at = at.Above)
        {
            if (at == row) return true;
        }
        return false;
    }

    private static bool Follows(string rule, ModelRow row, EntityReference ownerAbove, EntityReference? owner = null) => rule switch
    {
        "cascade" => true,
        "active" => row.IsActive,
        "userOwned" => (owner ?? row.Owner) == ownerAbove,
        _ => false,
    };
}

/// <summary>A row of <see cref="ShareModel"/>.</summary>
public sealed class ModelRow(EntityReference reference, EntityReference owner, ModelRow? above)
{
    public EntityReference Reference => reference;

    public EntityReference Owner { get; set; } = owner;

    public ModelRow? Above { get; set; } = above;

    public bool IsActive { get; set; } = true;

    public Dictionary<EntityReference, (AccessRights Own, AccessRights Inherited)> Shares { get; } = [];

    public (AccessRights Own, AccessRights Inherited) Share(EntityReference principal) => Shares.GetValueOrDefault(principal);

    /// <summary>What somebody may do as the owner or by shares.</summary>
    public AccessRights Access(EntityReference principal) => principal == Owner ? AccessRight.All : Share(principal).Own | Share(principal).Inherited;
}
