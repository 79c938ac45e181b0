using System.Collections.Concurrent;
using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>Makes callers of users: business unit, teams, roles. Cached until a row changes on which rights depend.</summary>
public sealed class CallerDirectory
{
    private readonly Database database;
    private readonly Func<MetadataSnapshot> metadata;
    private ConcurrentDictionary<Guid, Caller> known = new();

    internal CallerDirectory(Database database, Func<MetadataSnapshot> metadata)
    {
        this.database = database;
        this.metadata = metadata;
    }

    /// <summary>The caller for a user, with language and time zone of the user's settings; adjust with <c>with</c>.</summary>
    /// <exception cref="PlatformException">There is no such user, or it is disabled.</exception>
    public ValueTask<Caller> ForUserAsync(Guid userId, CancellationToken ct)
    {
        var cache = Volatile.Read(ref known);
        return cache.TryGetValue(userId, out var caller) ? ValueTask.FromResult(caller) : LoadAsync(cache, userId, ct);
    }

    /// <summary>Users without a row of settings, disabled ones included.</summary>
    internal async Task<ImmutableArray<Guid>> WithoutSettingsAsync(CancellationToken ct) => UserSettings.Of(metadata()) is null ? [] : await database.ReadAsync(
        (session, token) => IdsAsync(session, UserSettings.Missing, [], token), ct);

    /// <summary>Drops everything cached: the next request of each user reads its rights again.</summary>
    internal void Forget() => Volatile.Write(ref known, new ConcurrentDictionary<Guid, Caller>());

    private async ValueTask<Caller> LoadAsync(ConcurrentDictionary<Guid, Caller> cache, Guid userId, CancellationToken ct)
    {
        var hasSettings = UserSettings.Of(metadata()) is not null;
        var caller = await database.ReadAsync((session, token) => ReadAsync(session, userId, hasSettings, token), ct);
        // A change that came in between has replaced the cache: what was read goes to the one that is dropped.
        cache[userId] = caller;
        return caller;
    }

    /// <summary>A user as a caller, or a team as if it were one; <c>null</c> where the user is disabled, or there is none.</summary>
    internal static async Task<Caller?> FindAsync(SqlSession session, EntityReference principal, CancellationToken ct)
    {
        var id = session.Dialect.ToStorage(principal.Id);
        if (principal.LogicalName == "systemuser") return await FindUserAsync(session, principal.Id, ct);
        var unit = await IdsAsync(session, """SELECT "businessunitid" FROM "team" WHERE "teamid" = $1""", [id], ct);
        if (unit.Length == 0) return null;
        var roles = await IdsAsync(session, """SELECT "roleid" FROM "teamroles" WHERE "teamid" = $1""", [id], ct);
        return new Caller(principal.Id, unit[0], [], roles) { BusinessUnitsBelow = await UnitsBelowAsync(session, unit[0], ct) };
    }

    private static async Task<Caller> ReadAsync(SqlSession session, Guid userId, bool hasSettings, CancellationToken ct)
    {
        var caller = await FindUserAsync(session, userId, ct) ?? throw Errors.UnknownUser(userId);
        return hasSettings ? await UserSettings.ApplyAsync(caller, session, ct) : caller;
    }

    private static async Task<Caller?> FindUserAsync(SqlSession session, Guid userId, CancellationToken ct)
    {
        var id = session.Dialect.ToStorage(userId);
        var unit = await IdsAsync(session, """SELECT "businessunitid" FROM "systemuser" WHERE "systemuserid" = $1 AND ("isdisabled" IS NOT TRUE)""", [id], ct);
        if (unit.Length == 0) return null;
        var teams = await IdsAsync(session, """SELECT "teamid" FROM "teammembership" WHERE "systemuserid" = $1""", [id], ct);
        var roles = await IdsAsync(session, """
            SELECT "roleid" FROM "systemuserroles" WHERE "systemuserid" = $1
            UNION SELECT r."roleid" FROM "teamroles" AS r JOIN "teammembership" AS m ON m."teamid" = r."teamid" WHERE m."systemuserid" = $1
            """, [id], ct);
        var below = await UnitsBelowAsync(session, unit[0], ct);
        var currency = await IdsAsync(session, """SELECT "transactioncurrencyid" FROM "systemuser" WHERE "systemuserid" = $1""", [id], ct);
        return new Caller(userId, unit[0], teams, roles) { BusinessUnitsBelow = below, CurrencyId = currency.Length == 0 ? null : currency[0] };
    }

    private static Task<ImmutableArray<Guid>> UnitsBelowAsync(SqlSession session, Guid unit, CancellationToken ct) => IdsAsync(session, """
        WITH RECURSIVE unit(id) AS (
          SELECT "businessunitid" FROM "businessunit" WHERE "parentbusinessunitid" = $1
          UNION SELECT b."businessunitid" FROM "businessunit" AS b JOIN unit ON b."parentbusinessunitid" = unit.id)
        SELECT id FROM unit
        """, [session.Dialect.ToStorage(unit)], ct);

    private static async Task<ImmutableArray<Guid>> IdsAsync(SqlSession session, string text, ImmutableArray<object?> arguments, CancellationToken ct)
    {
        var ids = new Ids();
        await session.QueryAsync(new SqlStatement(text, arguments), ids, ct);
        return [.. ids.List];
    }

    private sealed class Ids : IRowReceiver
    {
        public List<Guid> List { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            if (!row.IsNull(0)) List.Add(row.GetGuid(0));
            return ValueTask.FromResult(true);
        }
    }
}
