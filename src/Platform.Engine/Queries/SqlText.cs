using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>SQL text under construction, with its arguments. A value only ever enters as a parameter.</summary>
internal sealed class SqlText(SqlDialect dialect)
{
    private readonly StringBuilder text = new(512);
    private readonly ImmutableArray<object?>.Builder arguments = ImmutableArray.CreateBuilder<object?>();
    private readonly AttributeSql? attributes;

    /// <summary>Text that reads attributes, among them such as are not stored.</summary>
    public SqlText(AttributeSql attributes)
        : this(attributes.Dialect) => this.attributes = attributes;

    public SqlDialect Dialect { get; } = dialect;

    /// <summary>How the attributes of the row <c>t</c> are read.</summary>
    public AttributeSql Attributes => attributes ?? throw new InvalidOperationException("This text writes attributes and reads none.");

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

    public SqlStatement ToStatement() => new(text.ToString(), arguments.ToImmutable());
}
