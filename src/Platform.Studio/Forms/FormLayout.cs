using System.Collections.Immutable;
using Platform.Studio.Files;

namespace Platform.Studio.Forms;

/// <summary>The form that the app opens for an entity, and what it reads.</summary>
public static class FormLayout
{
    /// <summary>The form named <c>main</c>, else the first; an entity without forms gets one with all its own attributes.</summary>
    public static FormDefinition Of(EntityDefinition entity) =>
        entity.Forms.FirstOrDefault(form => form.Name == "main") ?? entity.Forms.FirstOrDefault() ?? Generated(entity);

    /// <summary>Attributes in tabs and sections, each once.</summary>
    public static ImmutableArray<AttributeDefinition> FieldsOf(EntityDefinition entity, FormDefinition form) =>
        [.. form.Tabs.SelectMany(tab => tab.Sections).SelectMany(section => section.Fields)
            .Distinct(StringComparer.Ordinal).Select(entity.Find).OfType<AttributeDefinition>()];

    /// <summary>Logical names that the form shows anywhere.</summary>
    public static ImmutableArray<string> ColumnsOf(EntityDefinition entity, FormDefinition form)
    {
        string?[] always = [entity.PrimaryNameAttribute, SystemAttributes.StateCode, SystemAttributes.StatusCode, SystemAttributes.ModifiedOn, SystemAttributes.ModifiedBy, entity.Amounts.IsEmpty ? null : SystemAttributes.TransactionCurrencyId, PictureOf(entity)?.LogicalName];
        var names = entity.Files.Where(attribute => attribute.Kind == AttributeKind.File).Select(FileAddress.NameColumn);
        return [.. FieldsOf(entity, form).Select(attribute => attribute.LogicalName).Concat(form.Header).Concat(always.OfType<string>()).Concat(names)
            .Where(name => entity.Find(name) is not null).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The image that stands for the record itself (<c>entityimage</c>, as in Dataverse); <c>null</c> where there is none.</summary>
    public static AttributeDefinition? PictureOf(EntityDefinition entity) => entity.Find("entityimage") is { Kind: AttributeKind.Image } picture ? picture : null;

    private static FormDefinition Generated(EntityDefinition entity)
    {
        var fields = entity.Attributes.Where(FieldRules.IsEditable).Select(attribute => attribute.LogicalName)
            .Except([SystemAttributes.StateCode, SystemAttributes.StatusCode, SystemAttributes.ImportSequenceNumber, SystemAttributes.OverriddenCreatedOn]);
        var section = new FormSection("general", entity.Title, Columns: 2, [.. fields]);
        return new FormDefinition("main", entity.Title, [], [new FormTab("general", entity.Title, [section])]);
    }
}
