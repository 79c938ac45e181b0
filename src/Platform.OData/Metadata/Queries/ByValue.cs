using Platform.OData.Metadata.Model;

namespace Platform.OData.Metadata.Queries;

/// <summary>Sorts definitions by a property; what is empty comes first.</summary>
internal sealed class ByValue(MetadataProperty property, bool descending) : IComparer<object>
{
    public int Compare(object? x, object? y)
    {
        var (left, right) = (property.Of(x!), property.Of(y!));
        var order = left is null || right is null ? (left is null ? 0 : 1) - (right is null ? 0 : 1) : Values.Order(left, right) ?? 0;
        return descending ? -order : order;
    }
}
