using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.OData.Metadata.Model;

namespace Platform.OData.Metadata.Queries;

/// <summary>Reads <c>$select</c> and <c>$expand</c>, nested ones included.</summary>
/// <param name="aliases">Values of the URL's parameter aliases.</param>
internal sealed class SelectionReader(IDictionary<string, SingleValueNode> aliases)
{
    /// <exception cref="PlatformException">Something in it is not offered (501), or never is for definitions (400).</exception>
    public Selection Read(SelectExpandClause? clause, MetadataType type)
    {
        if (clause is null) return Selection.Everything;
        var selected = new Dictionary<string, Selection>(StringComparer.Ordinal);
        var all = clause.AllSelected;
        var expansions = ImmutableArray.CreateBuilder<Expansion>();
        foreach (var item in clause.SelectedItems)
        {
            switch (item)
            {
                case WildcardSelectItem or NamespaceQualifiedWildcardSelectItem:
                    all = true;
                    break;
                case PathSelectItem path:
                    Select(path.SelectedPath, selected);
                    break;
                case ExpandedNavigationSelectItem expanded:
                    expansions.Add(Expand(expanded, type));
                    break;
                default:
                    throw Errors.NotOffered("$ref or $count in $expand of definitions");
            }
        }
        return new Selection(all ? null : selected.ToFrozenDictionary(StringComparer.Ordinal), expansions.ToImmutable());
    }

    private static void Select(IEnumerable<ODataPathSegment> path, Dictionary<string, Selection> selected)
    {
        // `…StringAttributeMetadata/MaxLength`: others have no such property, and nothing is written for them.
        var names = path.Where(segment => segment is not TypeSegment).Select(segment => segment.Identifier).ToArray();
        selected[names[0]] = names.Length == 1
            ? Selection.Everything
            : Merged(selected.GetValueOrDefault(names[0]), names.AsSpan(1));
    }

    /// <summary><c>DisplayName/UserLocalizedLabel</c>: a part of a property, beside other parts of it.</summary>
    private static Selection Merged(Selection? known, ReadOnlySpan<string> names)
    {
        if (known is { Properties: null }) return known;
        var parts = known?.Properties?.ToDictionary(StringComparer.Ordinal) ?? new Dictionary<string, Selection>(StringComparer.Ordinal);
        parts[names[0]] = names.Length == 1 ? Selection.Everything : Merged(parts.GetValueOrDefault(names[0]), names[1..]);
        return new Selection(parts.ToFrozenDictionary(StringComparer.Ordinal), []);
    }

    private Expansion Expand(ExpandedNavigationSelectItem item, MetadataType type)
    {
        if (item.TopOption is not null) throw Errors.MetadataOption("$top");
        if (item.SkipOption is not null) throw Errors.MetadataOption("$skip");
        if (item.OrderByOption is not null) throw Errors.MetadataOption("$orderby");
        if (item.SearchOption is not null) throw Errors.MetadataOption("$search");
        if (item.LevelsOption is not null) throw Errors.MetadataOption("$levels");
        var owner = type;
        MetadataType? cast = null;
        MetadataProperty? property = null;
        foreach (var segment in item.PathToNavigationProperty)
        {
            if (segment is TypeSegment step)
            {
                var named = Named(step.EdmType);
                if (property is null) owner = named;
                else cast = named;
            }
            else if (segment is NavigationPropertySegment navigation) property = owner[navigation.NavigationProperty.Name];
            else throw Errors.NotOffered($"'{segment.Identifier}' on the way to a navigation property in $expand");
        }
        var target = cast ?? MetadataType.Of(property!.ItemType);
        var filter = item.FilterOption is { } clause ? new FilterCompiler(aliases).Compile(clause) : null;
        return new Expansion(property!, owner, target, filter, item.CountOption == true, Read(item.SelectAndExpand, target));
    }

    private static MetadataType Named(IEdmType type) => MetadataType.Named(((IEdmSchemaElement)type.AsElementType()).Name)!;
}
