using System.Collections.Immutable;
using System.Text;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>SQL text under construction, with its arguments. A value only ever enters as a parameter.</summary>
internal sealed class SqlText
{
    private readonly StringBuilder text = new(512);
    private readonly Whole whole;

    public SqlText(SqlDialect dialect) => whole = new Whole(dialect, null);

    /// <summary>Text that reads attributes, among them such as are not stored.</summary>
    public SqlText(AttributeSql attributes) => whole = new Whole(attributes.Dialect, attributes);

    private SqlText(Whole whole) => this.whole = whole;

    public SqlDialect Dialect => whole.Dialect;

    /// <summary>How attributes are read.</summary>
    public AttributeSql Attributes => whole.Attributes ?? throw new InvalidOperationException("This text writes attributes and reads none.");

    /// <summary>A piece that is put into the text later, at any place: both count their parameters together.</summary>
    public SqlText Part() => new(whole);

    public SqlText Append(string part)
    {
        text.Append(part);
        return this;
    }

    public SqlText Append(SqlText part)
    {
        text.Append(part.text);
        return this;
    }

    /// <summary>Adds a value in storage form and writes its placeholder.</summary>
    public SqlText Parameter(object? stored) => Append(Argument(stored));

    /// <summary>Adds a value in storage form.</summary>
    /// <returns>Its placeholder.</returns>
    public string Argument(object? stored)
    {
        whole.Arguments.Add(stored);
        return Dialect.Placeholder(whole.Arguments.Count);
    }

    /// <summary>A point, which is one argument wherever it is spoken of.</summary>
    /// <returns>Its placeholder.</returns>
    public string Argument(GeoPoint point)
    {
        if (!whole.Points.TryGetValue(point, out var placeholder)) whole.Points[point] = placeholder = Argument(StoredPoint.Of(point));
        return placeholder;
    }

    /// <summary>Appends that a column holds one of some ids.</summary>
    /// <param name="ids">At least one.</param>
    public SqlText AppendIn(string column, IEnumerable<Guid> ids)
    {
        Append(column);
        var separator = " IN (";
        foreach (var id in ids)
        {
            Append(separator).Parameter(Dialect.ToStorage(id));
            separator = ", ";
        }
        return Append(")");
    }

    /// <summary>A name for a row of the statement that no other row has.</summary>
    public string NextAlias(char kind) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kind}{++whole.Aliases}");

    public SqlStatement ToStatement() => new(text.ToString(), whole.Arguments.ToImmutable());

    public override string ToString() => text.ToString();

    private sealed class Whole(SqlDialect dialect, AttributeSql? attributes)
    {
        public SqlDialect Dialect { get; } = dialect;

        public AttributeSql? Attributes { get; } = attributes;

        public ImmutableArray<object?>.Builder Arguments { get; } = ImmutableArray.CreateBuilder<object?>();

        public Dictionary<GeoPoint, string> Points { get; } = [];

        public int Aliases { get; set; }
    }
}
