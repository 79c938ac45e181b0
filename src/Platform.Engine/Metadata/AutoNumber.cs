using System.Collections.Immutable;

namespace Platform.Engine.Metadata;

/// <summary>How the engine numbers new rows in a text attribute (Dataverse's autonumber columns).</summary>
/// <param name="Parts">In order; read from <c>CARD-{SEQNUM:5}-{RANDSTRING:4}-{DATETIMEUTC:yyyyMMdd}</c>.</param>
/// <param name="Seed">First number, where counting has not begun yet.</param>
public sealed record AutoNumber(ImmutableArray<AutoNumberPart> Parts, long Seed)
{
    /// <summary>Dataverse's seed.</summary>
    public const long DefaultSeed = 1000;

    /// <summary>Largest seed: counting from there never comes to the end of 64 bits.</summary>
    public const long LargestSeed = 999_999_999_999_999_999;
}

/// <summary>A piece of a number.</summary>
public abstract record AutoNumberPart;

/// <summary>Stands as it is.</summary>
public sealed record LiteralPart(string Text) : AutoNumberPart;

/// <summary>The next number, with leading zeros up to a width that it may outgrow.</summary>
public sealed record SequencePart(int Width) : AutoNumberPart;

/// <summary>Random capital letters and digits.</summary>
public sealed record RandomPart(int Length) : AutoNumberPart;

/// <summary>Time of the create in UTC, in a .NET date format.</summary>
public sealed record TimePart(string Format) : AutoNumberPart;
