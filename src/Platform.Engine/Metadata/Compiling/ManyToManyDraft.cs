namespace Platform.Engine.Metadata.Compiling;

/// <summary>An N:N relationship while it is compiled.</summary>
/// <param name="Node">Root of its file.</param>
/// <param name="Ends">Tables at the two ends, in the order of the file.</param>
/// <param name="Navigations">Names of the navigation properties of the ends.</param>
/// <param name="Intersect">The table of its pairs.</param>
internal sealed record ManyToManyDraft(JsonNode Node, string Name, Label Title, EntityDraft[] Ends, string[] Navigations, EntityDraft Intersect)
{
    /// <summary>Lookups of the intersect table to the two ends; of a declared table they are found when its columns are linked.</summary>
    public string[] Lookups { get; set; } = [];

    public bool IsSelf => Ends[0] == Ends[1];

    public ManyToManyDefinition Build() => new(
        Name,
        Title,
        Intersect.Name,
        new ManyToManyEnd(Ends[0].Name, Lookups[0], Navigations[0]),
        new ManyToManyEnd(Ends[1].Name, Lookups[1], Navigations[1]));
}
