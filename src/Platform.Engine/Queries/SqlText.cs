using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>SQL text under construction, with its arguments. A value only ever enters as a parameter.</summary>
internal sealed class SqlText(SqlDialect dialect)
{
    private readonly StringBuilder text = new(512);
    private readonly ImmutableArray<object?>.Builder arguments = ImmutableArray.CreateBuilder<object?>();
    private readonly Dictionary<GeoPoint, string> points = [];
    private readonly AttributeSql? attributes;

    /// <summary>Text that reads attributes, among them such as are not stored.</summary>
    public SqlText(AttributeSql attributes)
        : this(attributes.Dialect) => this.attributes = attributes;

    public SqlDialect Dialect { get; } = dialect;

    /// <summary>How the attributes of the row <c>t</c> are read.</summary>
    public AttributeSql Attributes => attributes ?? throw new InvalidOperationException("This text writes attributes and reads none.");

    /// <summary>The value of an attribute in its storage form; see <see cref="AttributeSql.Value"/>.</summary>
    /// <remarks>
    /// A distance brings a parameter along, one for the whole text. SQLite numbers parameters by where they first
    /// appear: what is asked for has to be appended before the next parameter is.
    /// </remarks>
    public string ValueOf(AttributeDefinition attribute) => attribute.Computed is DistanceColumn distance ? Distance(distance) : Attributes.Value(attribute);

    /// <summary>The expression by which an attribute is compared and sorted; see <see cref="ValueOf"/>.</summary>
    public string KeyOf(AttributeDefinition attribute) => attribute.Computed is DistanceColumn distance ? Distance(distance) : Attributes.KeyOf(attribute);

    public SqlText Append(string part)
    {
        text.Append(part);
        return this;
    }

    /// <summary>Adds a value in storage form and writes its placeholder.</summary>
    public SqlText Parameter(object? stored)
    {
        arguments.Add(stored);
        text.Append(CultureInfo.InvariantCulture, $"${arguments.Count}");
        return this;
    }

    private string Distance(DistanceColumn distance)
    {
        if (!points.TryGetValue(distance.To, out var parameter))
        {
            arguments.Add(StoredPoint.Of(distance.To));
            points[distance.To] = parameter = string.Create(CultureInfo.InvariantCulture, $"${arguments.Count}");
        }
        return Dialect.Distance(Attributes.Value(distance.From), parameter);
    }

    public SqlStatement ToStatement() => new(text.ToString(), arguments.ToImmutable());
}
