using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>How users read dates and texts: rows of <c>usersettings</c>, one for each user, with the user's id, owned by the user.</summary>
internal static class UserSettings
{
    private const string EntityName = "usersettings";
    private const string TimeZoneCode = "timezonecode";
    private const string LanguageId = "uilanguageid";

    /// <summary>SQL for the ids of users that have no row.</summary>
    public const string Missing = $"""SELECT u."systemuserid" FROM "systemuser" AS u WHERE NOT EXISTS (SELECT 1 FROM "{EntityName}" AS s WHERE s."systemuserid" = u."systemuserid")""";

    /// <summary>The table of settings; <c>null</c> before core has it.</summary>
    public static EntityDefinition? Of(MetadataSnapshot metadata) => metadata.Find(EntityName);

    /// <summary>A user's settings before the user has chosen anything.</summary>
    public static EntityRecord New(Guid user) => new(EntityName, user) { [SystemAttributes.OwnerId] = new EntityReference("systemuser", user) };

    /// <summary>The row of a user.</summary>
    public static EntityReference RowOf(Guid user) => new(EntityName, user);

    /// <summary>The caller with what the user has chosen.</summary>
    public static async Task<Caller> ApplyAsync(Caller caller, SqlSession session, CancellationToken ct)
    {
        var chosen = new Chosen();
        var text = $"""SELECT "{TimeZoneCode}", "{LanguageId}" FROM "{EntityName}" WHERE "systemuserid" = $1""";
        await session.QueryAsync(new SqlStatement(text, session.Dialect.ToStorage(caller.UserId)), chosen, ct);
        if (chosen.TimeZone is { } code && TimeZoneCodes.Find(code) is { } zone) caller = caller with { TimeZone = zone, HasTimeZone = true };
        if (chosen.Language is { } id && LanguageCode.TwoLetters(id) is { } language) caller = caller with { Language = language, HasLanguage = true };
        return caller;
    }

    private sealed class Chosen : IRowReceiver
    {
        public int? TimeZone { get; private set; }

        public int? Language { get; private set; }

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            if (!row.IsNull(0)) TimeZone = (int)row.GetInt64(0);
            if (!row.IsNull(1)) Language = (int)row.GetInt64(1);
            return ValueTask.FromResult(true);
        }
    }
}
