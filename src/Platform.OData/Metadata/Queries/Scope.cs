namespace Platform.OData.Metadata.Queries;

/// <summary>What the variables of a filter stand for while it is asked about one definition.</summary>
/// <param name="Variable"><c>$it</c>, or the name in <c>any(x: …)</c>.</param>
internal sealed record Scope(string Variable, object? Value, Scope? Outer)
{
    public object? Find(string variable)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.Variable == variable) return scope.Value;
        throw new InvalidOperationException($"The filter names a variable '{variable}' that nothing stands for.");
    }
}
