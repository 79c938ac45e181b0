using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Packs;

namespace Platform.Engine.Tests.Metadata;

/// <summary>A compilation that goes on from the one before gives what a compilation of everything gives.</summary>
public sealed class IncrementalCompilationTests
{
    [Fact]
    public void A_column_more_leaves_the_definitions_of_other_tables_as_they_are()
    {
        var before = new SmallPacks().Compile();
        var packs = new SmallPacks().Replace("shop", "entities/shp_order/entity.json", "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");

        var after = MetadataCompiler.Compile(packs.Files, 8, before.Compiled).Snapshot!;

        Assert.NotNull(after.Entity("shp_order").Find("shp_colour"));
        Assert.All(after.Entities.Where(entity => entity.LogicalName != "shp_order"), entity => Assert.Same(before.Snapshot!.Entity(entity.LogicalName), entity));
    }

    [Fact]
    public void A_new_lookup_is_seen_at_the_table_that_it_points_to_whose_columns_stay_as_they_are()
    {
        var before = new SmallPacks().Compile();
        var packs = new SmallPacks().Replace("shop", "entities/shp_order/entity.json", "\"shp_external\":", "\"shp_payerid\": { \"x-lookup\": { \"targets\": [\"account\"] }, \"title\": \"Payer\" }, \"shp_external\":");

        var account = MetadataCompiler.Compile(packs.Files, 8, before.Compiled).Snapshot!.Entity("account");

        Assert.Contains(account.OneToMany, relationship => relationship.ReferencingAttribute == "shp_payerid");
        Assert.Same(before.Snapshot!.Entity("account").Attribute("name"), account.Attribute("name"));
    }

    [Fact]
    public void A_translation_that_changes_reaches_the_table_it_is_of_and_no_other()
    {
        var before = new SmallPacks().Compile();
        var packs = new SmallPacks().Replace("shop", "labels/ko.json", "\"번호\" }, \"shp_status\"", "\"주문 번호\" }, \"shp_status\"");

        var after = MetadataCompiler.Compile(packs.Files, 8, before.Compiled).Snapshot!;

        Assert.Equal("주문 번호", after.Entity("shp_order").Attribute("shp_number").Title.For("ko"));
        Assert.Same(before.Snapshot!.Entity("contact"), after.Entity("contact"));
    }

    [Fact]
    public void What_is_wrong_with_a_label_file_is_said_again_when_the_same_text_is_compiled_again()
    {
        var tooLong = new string('가', 401);
        foreach (var (from, to, reason) in new[]
        {
            ("\"shp_number\": {", "\"shp_nummer\": {", "'shp_nummer' names nothing"),
            ("\"번호\" }, \"shp_status\"", $"\"{tooLong}\" }}, \"shp_status\"", "401 characters"),
            ("\"번호\" }, \"shp_status\"", "\"번호\", \"title\": \"번호\" }, \"shp_status\"", "stands twice"),
        })
        {
            var packs = new SmallPacks().Replace("shop", "labels/ko.json", from, to).Files;
            var first = MetadataCompiler.Compile(packs, 1).Errors;
            Assert.Contains(first, error => error.File.EndsWith("/labels/ko.json", StringComparison.Ordinal) && error.Reason.Contains(reason, StringComparison.Ordinal));
            Assert.Equal(first.AsEnumerable(), MetadataCompiler.Compile(packs, 2).Errors);
        }
    }

    [Fact]
    public async Task A_table_that_loses_its_owner_is_refused_where_another_one_hands_its_owner_on()
    {
        var packs = await ManyPacks.ReadAsync();
        var before = MetadataCompiler.Compile(packs, 1);
        var core = packs[0];
        const string account = "entities/account/entity.json";
        var unowned = core with { Files = core.Files.SetItem(account, core.Files[account].Replace("\"ownership\": \"user\"", "\"ownership\": \"organization\"", StringComparison.Ordinal)) };

        var part = MetadataCompiler.Compile([unowned, .. packs.Skip(1)], 2, before.Compiled);

        Assert.Contains(part.Errors, error => error.File == "packs/trip/entities/trp_trip/entity.json" && error.Reason.StartsWith("Rows of 'account' have no owner", StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_may_lose_its_owner_when_no_table_stays_as_it_was()
    {
        var before = new SmallPacks().Compile();
        var packs = new SmallPacks().Files.Select(pack => pack with
        {
            Files = pack.Files.ToImmutableSortedDictionary(
                file => file.Key,
                file => file.Key.EndsWith("/entity.json", StringComparison.Ordinal)
                    ? $"{file.Value.Replace("\"entitySetName\": \"accounts\", \"ownership\": \"user\"", "\"entitySetName\": \"accounts\", \"ownership\": \"organization\"", StringComparison.Ordinal)}\n"
                    : file.Value,
                StringComparer.Ordinal),
        });

        var after = MetadataCompiler.Compile([.. packs], 8, before.Compiled);

        Assert.Empty(after.Errors);
        Assert.Equal(Ownership.Organization, after.Snapshot!.Entity("account").Ownership);
    }

    /// <param name="seed">Of the random changes; each history goes on from what its changes made.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_changed_the_result_is_that_of_compiling_everything(int seed)
    {
        var random = new Random(seed);
        var mutation = new FileMutation(random);
        var good = await ManyPacks.ReadAsync();
        var before = MetadataCompiler.Compile(good, 1);
        Assert.Empty(before.Errors);
        var (accepted, taken) = (0, 0);
        for (var step = 0; step < 60; step++)
        {
            var (changed, what) = mutation.Apply(good);

            var whole = MetadataCompiler.Compile(changed, step);
            var part = MetadataCompiler.Compile(changed, step, before.Compiled);

            Assert.True(Told(whole) == Told(part), $"Seed {seed}, step {step}: {what}{Environment.NewLine}{Difference(Told(whole), Told(part))}");
            if (whole.Snapshot is null) continue;
            AssertSame(whole.Snapshot, part.Snapshot!, $"Seed {seed}, step {step}: {what}");
            accepted++;
            taken += part.Snapshot!.Entities.Count(entity => ReferenceEquals(entity, before.Snapshot!.Find(entity.LogicalName)));
            (good, before) = (changed, part);
        }

        Assert.True(accepted > 10, $"Only {accepted} changes were accepted.");
        Assert.True(taken > accepted * before.Snapshot!.Entities.Length / 2, $"{taken} tables were taken over in {accepted} compilations.");
    }

    private static void AssertSame(MetadataSnapshot whole, MetadataSnapshot part, string what)
    {
        Assert.True(whole.Entities.Select(entity => entity.LogicalName).SequenceEqual(part.Entities.Select(entity => entity.LogicalName)), what);
        foreach (var (one, other) in whole.Entities.Zip(part.Entities)) Assert.True(Sameness.Of(one, other), $"{what}: {one}");
        Assert.True(Sameness.Of(whole.Choices, part.Choices), what);
        Assert.True(Sameness.Of(whole.Apps, part.Apps), what);
    }

    /// <summary>Errors, or what is no part of the tables, in words.</summary>
    private static string Told(MetadataCompilation compilation) => compilation.Snapshot is not { } snapshot
        ? string.Join('\n', compilation.Errors)
        : string.Join(
            '\n',
            [
                .. snapshot.Packs.SelectMany(pack => pack.Seeds.SelectMany(seed => seed.Rows.Select(row => $"{pack.Id} {pack.Version} {seed.Entity} {string.Join(',', seed.Key)} {Row(row)}"))),
                .. snapshot.Roles.SelectMany(role => role.Privileges.Select(privilege => $"{role.Name} {privilege.Key} {privilege.Value}").Order(StringComparer.Ordinal)),
                .. snapshot.Scripts.Select(script => $"{script.Key} {script.Value}").Order(StringComparer.Ordinal),
                .. snapshot.Messages.Select(message => $"{message.Key} {message.Value.For("ko")}").Order(StringComparer.Ordinal),
                .. compilation.ViewExpressions.Select(view => $"{view.File}{view.Pointer} {view.Entity} {view.Kind} {view.Text}").Order(StringComparer.Ordinal),
            ]);

    private static string Row(ImmutableDictionary<string, object?> row) => string.Join(
        ';',
        row.OrderBy(value => value.Key, StringComparer.Ordinal).Select(value => value.Value is SeedReference reference
            ? $"{value.Key}→{reference.Entity}({Row(reference.Key)})"
            : string.Create(CultureInfo.InvariantCulture, $"{value.Key}={value.Value} {value.Value?.GetType().Name}")));

    private static string Difference(string whole, string part)
    {
        var (one, other) = (whole.Split('\n'), part.Split('\n'));
        return string.Join('\n', [.. one.Except(other).Take(5).Select(line => $"- {line}"), .. other.Except(one).Take(5).Select(line => $"+ {line}")]);
    }
}
