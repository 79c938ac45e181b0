using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>Keeps somebody in charge: no write takes the administrator role from the last enabled user who has it, and roles of packs stay.</summary>
internal sealed class AdministratorGuard
{
    private readonly MessageScope scope;
    private readonly RoleDefinition? role;
    private readonly bool wasThere;

    private AdministratorGuard(MessageScope scope, RoleDefinition? role, bool wasThere)
    {
        this.scope = scope;
        this.role = role;
        this.wasThere = wasThere;
    }

    /// <summary>Looks before a write; ask again behind it with <see cref="DemandAsync"/>. Costs nothing for entities on which rights do not depend.</summary>
    public static async Task<AdministratorGuard> WatchAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        var role = WriteAdmission.DecidesRights(entity) ? scope.Metadata.Roles.FirstOrDefault(known => known is { Name: "system-administrator", Pack: "core" }) : null;
        return new AdministratorGuard(scope, role, role is not null && await IsThereAsync(role, scope, ct));
    }

    /// <exception cref="PlatformException">There was an administrator and now there is none.</exception>
    public async Task DemandAsync(CancellationToken ct)
    {
        if (wasThere && !await IsThereAsync(role!, scope, ct)) throw Errors.LastAdministrator();
    }

    /// <exception cref="PlatformException">The row is a role of a pack.</exception>
    public static void DemandNoRoleOfPack(EntityReference row, MetadataSnapshot metadata)
    {
        if (row.LogicalName == "role" && metadata.Roles.FirstOrDefault(role => role.Id == row.Id) is { } role) throw Errors.RoleOfPack(role.Title.English, role.Pack);
    }

    private static async Task<bool> IsThereAsync(RoleDefinition role, MessageScope scope, CancellationToken ct)
    {
        var found = new Any();
        await scope.InTransaction.QueryAsync(
            new SqlStatement(
                """
                SELECT 1 FROM "systemuser" AS u WHERE (u."isdisabled" IS NOT TRUE) AND (
                  EXISTS (SELECT 1 FROM "systemuserroles" AS r WHERE r."systemuserid" = u."systemuserid" AND r."roleid" = $1)
                  OR EXISTS (SELECT 1 FROM "teammembership" AS m JOIN "teamroles" AS t ON t."teamid" = m."teamid" WHERE m."systemuserid" = u."systemuserid" AND t."roleid" = $1))
                LIMIT 1
                """,
                scope.InTransaction.Dialect.ToStorage(role.Id)),
            found,
            ct);
        return found.IsThere;
    }

    private sealed class Any : IRowReceiver
    {
        public bool IsThere { get; private set; }

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            IsThere = true;
            return ValueTask.FromResult(false);
        }
    }
}
