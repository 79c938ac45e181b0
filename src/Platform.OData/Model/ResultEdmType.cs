using Microsoft.OData.Edm;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>What <c>$apply</c> makes, for the URL parser; of one query, never part of the model.</summary>
internal sealed class ResultEdmType : EdmEntityType
{
    /// <summary>Rows of a table with expressions beside their columns.</summary>
    /// <param name="rows">Type of the rows.</param>
    /// <param name="made">The expressions.</param>
    public ResultEdmType(IEdmEntityType rows, IEnumerable<AttributeDefinition> made)
        : base(rows.Namespace, rows.Name, rows)
    {
        foreach (var attribute in made) AddStructuralProperty(attribute.LogicalName, EdmModelBuilder.PropertyType(attribute, nullable: true));
    }

    /// <summary>Groups.</summary>
    /// <param name="of">Type of the rows of the table, over whose lookups paths lead.</param>
    /// <param name="columns">All that a group has.</param>
    /// <param name="lookups">Navigation properties that lead somewhere.</param>
    public ResultEdmType(IEdmEntityType of, IEnumerable<AttributeDefinition> columns, IEnumerable<string> lookups)
        : base(of.Namespace, of.Name)
    {
        IsGroups = true;
        foreach (var attribute in columns) AddStructuralProperty(attribute.LogicalName, EdmModelBuilder.PropertyType(attribute, nullable: true));
        foreach (var name in lookups)
        {
            if (FindProperty(name) is null && of.FindProperty(name) is IEdmNavigationProperty known)
                AddUnidirectionalNavigation(new EdmNavigationPropertyInfo { Name = name, Target = known.ToEntityType(), TargetMultiplicity = EdmMultiplicity.ZeroOrOne });
        }
    }

    /// <summary>The rows are groups, which have no other columns than these.</summary>
    public bool IsGroups { get; }
}
