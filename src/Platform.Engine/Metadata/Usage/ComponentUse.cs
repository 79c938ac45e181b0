namespace Platform.Engine.Metadata.Usage;

/// <summary>What one component is to another that refers to it.</summary>
public enum UseKind
{
    /// <summary>A form, view or step of the table.</summary>
    Part,

    /// <summary>A form or view shows it.</summary>
    Shown,

    /// <summary>The filter or order of a view names it.</summary>
    Expression,

    /// <summary>A lookup points to it.</summary>
    Lookup,

    /// <summary>A column takes its values from it.</summary>
    Values,

    /// <summary>A calculated column is worked out of it.</summary>
    Formula,

    /// <summary>A rollup aggregates it or its rows.</summary>
    Rollup,

    /// <summary>Primary name, required column, or part of a full name.</summary>
    Column,

    /// <summary>Part of an alternate key or index.</summary>
    Key,

    /// <summary>An end of an N:N relationship, or the table of its pairs.</summary>
    Relationship,

    /// <summary>A step runs it, is filtered by it, or has it in an image.</summary>
    Step,

    /// <summary>A custom API is bound to it, takes or answers with its rows, or asks for a privilege on it.</summary>
    Api,

    /// <summary>A role grants privileges on it.</summary>
    Privilege,

    /// <summary>The navigation of an app leads to it.</summary>
    Navigation,

    /// <summary>Seed rows of it, or with values in it.</summary>
    SeedRow,

    /// <summary>A translation of its label.</summary>
    Label,

    /// <summary>A layer above extends it, or a pack depends on it.</summary>
    Layer,

    /// <summary>A script has its name in a text: possible, not certain.</summary>
    Mention,
}

/// <summary>That one component refers to another.</summary>
/// <param name="Component">What is used, as plans name it: <c>attribute/contact/emailaddress1</c>.</param>
/// <param name="By">Who uses it: <c>form/contact/main</c>; a file that is no component is <c>file/loyalty/labels/ko.json</c>.</param>
/// <param name="Pack">Id of the pack that says so.</param>
/// <param name="File">Path inside the pack.</param>
/// <param name="Place">JSON pointer; in scripts the number of the line.</param>
public sealed record ComponentUse(string Component, string By, UseKind Kind, string Pack, string File, string Place)
{
    /// <summary>False for what is only mentioned: it may be something else of that name.</summary>
    public bool IsCertain => Kind != UseKind.Mention;

    public override string ToString() => $"{By} ({Pack}/{File}{(IsCertain ? "#" : ":")}{Place})";
}
