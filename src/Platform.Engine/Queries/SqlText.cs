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

    public SqlDialect Dialect { get; } = dialect;

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
