using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Pipeline;

/// <summary>Attributes that are read for the images of steps.</summary>
internal static class ImageColumns
{
    /// <summary>All that are stored, and of the others those that an image asks for: a rollup costs a query of its own.</summary>
    public static ImmutableArray<AttributeDefinition> For(EntityDefinition entity, ImmutableArray<StepDefinition> steps, StepImageType type)
    {
        if (entity.Stored.Length == entity.Attributes.Length) return entity.Attributes;
        var images = steps.SelectMany(step => step.Images).Where(image => image.Type == type).ToList();
        return [.. entity.Attributes.Where(attribute => !attribute.IsComputed || images.Exists(image => image.Attributes.IsEmpty || image.Attributes.Contains(attribute.LogicalName)))];
    }
}
