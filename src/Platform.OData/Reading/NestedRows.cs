using Platform.Engine;

namespace Platform.OData.Reading;

/// <summary>Counts the rows that stand inside a row which is created with them.</summary>
internal sealed class NestedRows
{
    /// <summary>Levels below the outermost row.</summary>
    public const int Deepest = 8;

    /// <summary>Rows in one request, on all levels.</summary>
    public const int Most = 1_000;

    private int depth;
    private int rows;

    /// <summary>A row begins.</summary>
    /// <exception cref="PlatformException">Too deep, or too many.</exception>
    public void Enter()
    {
        if (++depth > Deepest) throw Errors.BadRequest($"Rows are nested more than {Deepest} levels deep.", "Create them in several requests.");
        if (++rows > Most) throw Errors.BadRequest($"More than {Most} rows are created together with the row.", "Create them in several requests.");
    }

    /// <summary>A row ends.</summary>
    public void Leave() => depth--;
}
