using System.Text.Json.Nodes;
using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Security;

/// <summary>The row of settings that each user has, on both databases.</summary>
public abstract class UserSettingsTests
{
    private const string Table = "usersettings";

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_user_has_settings_from_the_first_moment_and_changes_nobody_elses()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var basic = engine.Metadata.Roles.Single(role => role.Name == "basic-user").Id;
        var (anna, bo) = (await engine.UserAsync(basic), await engine.UserAsync(basic));

        var settings = Assert.Single(await engine.QueryAsync(Table, "", anna));
        Assert.Equal((anna.UserId, anna.User), (settings.Id, settings.GetLookup("ownerid")));
        Assert.False(anna.HasLanguage || anna.HasTimeZone);

        await SetAsync(anna, anna, "timezonecode", 230);
        await SetAsync(anna, anna, "uilanguageid", 1042);
        var now = await engine.Callers.ForUserAsync(anna.UserId, CancellationToken.None);
        Assert.Equal(("Asia/Seoul", "ko", true, true), (now.TimeZone.Id, now.Language, now.HasTimeZone, now.HasLanguage));

        await SetAsync(anna, anna, "timezonecode", 92);
        now = await engine.Callers.ForUserAsync(anna.UserId, CancellationToken.None);
        Assert.Equal((TimeSpan.Zero, true), (now.TimeZone.BaseUtcOffset, now.HasTimeZone));
        await SetAsync(anna, anna, "timezonecode", null);
        Assert.False((await engine.Callers.ForUserAsync(anna.UserId, CancellationToken.None)).HasTimeZone);

        foreach (var refused in (Func<Task>[])[
            () => SetAsync(bo, anna, "timezonecode", 4),
            () => SetAsync(anna, anna, "timezonecode", 7777),
            () => engine.CreateAsync(new EntityRecord(Table), anna),
            () => engine.SendAsync(new Delete(new EntityReference(Table, anna.UserId)), anna)])
            await Assert.ThrowsAsync<PlatformException>(refused);
        Assert.Equal(1042, (await engine.ReadAsync(Table, anna.UserId)).Get<int>("uilanguageid"));

        Task SetAsync(Caller caller, Caller whose, string attribute, object? value) =>
            engine.SendAsync(new Update(new EntityRecord(Table, whose.UserId) { [attribute] = value }), caller);
    }

    [Fact]
    public async Task Every_code_is_a_time_zone_whose_offset_its_label_tells()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var user = await engine.UserAsync();
        foreach (var option in engine.Metadata.Entity(Table).Attribute("timezonecode").Options)
        {
            await engine.SendAsync(new Update(new EntityRecord(Table, user.UserId) { ["timezonecode"] = option.Value }));
            var caller = await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None);

            Assert.True(caller.HasTimeZone, option.Label.English);
            var (hours, sign) = (caller.TimeZone.BaseUtcOffset, caller.TimeZone.BaseUtcOffset < TimeSpan.Zero ? "-" : "+");
            var offset = option.Value == 92 ? "(UTC) " : $"(UTC{sign}{hours:hh\\:mm}) ";
            Assert.StartsWith(offset, option.Label.English, StringComparison.Ordinal);
            Assert.StartsWith(offset, option.Label.For("ko"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Settings_go_with_the_user_and_come_to_those_who_have_none()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var (anna, bo) = (await engine.UserAsync(), await engine.UserAsync());
        // As before there were settings.
        await engine.Database.WriteAsync(async (session, token) => await session.ExecuteAsync(new SqlStatement("DELETE FROM usersettings WHERE systemuserid = $1", session.Dialect.ToStorage(bo.UserId)), token), waits: false, CancellationToken.None);

        await engine.Seeder.SeedAsync(demo: false, engine.Admin, CancellationToken.None);
        Assert.Equal(bo.User, (await engine.ReadAsync(Table, bo.UserId)).GetLookup("ownerid"));

        // Settings never go alone: by an administrator, in a list, with a row that they point to.
        await engine.Publisher.CustomizeAsync(
            draft => draft.Put("attribute/usersettings/new_accountid", JsonNode.Parse("""{ "x-lookup": { "targets": ["account"], "onDelete": "cascade" }, "title": "Home" }""")!.AsObject()), PublishOptions.Default, default);
        var home = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Home" }));
        await engine.SendAsync(new Update(new EntityRecord(Table, bo.UserId) { ["new_accountid"] = home }));
        var row = new EntityReference(Table, bo.UserId);
        foreach (var message in (Message[])[new Delete(row), new DeleteMultiple(Table, [new Delete(row)]), new Delete(home)])
            Assert.Equal((ErrorKind.NotAllowed, "0x8FF00020"), await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message)) is var refused ? (refused.Kind, refused.Code) : default);
        Assert.Equal("Home", (await engine.ReadAsync("account", home.Id))["name"]);

        await engine.SendAsync(new Delete(anna.User));
        Assert.DoesNotContain(await engine.QueryAsync(Table, ""), row => row.Id == anna.UserId);
        Assert.Contains(await engine.QueryAsync(Table, ""), row => row.Id == bo.UserId);
    }
}

public sealed class UserSettingsOnSqlite : UserSettingsTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class UserSettingsOnPostgreSql : UserSettingsTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
