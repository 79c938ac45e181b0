using Platform.Studio.Text;

namespace Platform.Studio.Forms;

/// <summary>What can be said about a form before it is sent. The engine checks all of it again; this only answers sooner.</summary>
public static class FieldRules
{
    /// <summary>Puts an error on each field of <paramref name="fields"/> whose value cannot be saved. True when there is none.</summary>
    public static bool Check(FormState form, IEnumerable<AttributeDefinition> fields, UiText ui)
    {
        foreach (var attribute in fields)
        {
            if (!IsEditable(attribute) || !(form.IsNew || form.IsChanged(attribute.LogicalName))) continue;
            if (Sentence(attribute, form[attribute.LogicalName], form.IsNew, ui) is { } sentence) form.Fail(attribute.LogicalName, sentence);
        }

        return form.Errors.Count == 0;
    }

    public static bool IsEditable(AttributeDefinition attribute) =>
        attribute is { ReadOnly: false, Origin: AttributeOrigin.Custom, Kind: not AttributeKind.UniqueIdentifier };

    private static string? Sentence(AttributeDefinition attribute, object? value, bool isNew, UiText ui) => value switch
    {
        null => attribute.Required && !(isNew && IsChosenByEngine(attribute)) ? ui["field.required"] : null,
        string text when text.Length > attribute.MaxLength => ui["field.toolong", attribute.MaxLength, text.Length],
        string text when attribute.Pattern is { } pattern && !pattern.IsMatch(text) => ui["field.pattern"],
        int or long or decimal or double when attribute.IsNumber => RangeSentence(attribute, value, ui),
        _ => null,
    };

    /// <summary>Owner, state, status and number of a new record that brings none.</summary>
    private static bool IsChosenByEngine(AttributeDefinition attribute) =>
        attribute.Kind is AttributeKind.State or AttributeKind.Status || attribute.AutoNumber is not null || attribute.LogicalName == SystemAttributes.OwnerId;

    private static string? RangeSentence(AttributeDefinition attribute, object value, UiText ui)
    {
        var number = value is double real ? real : (double)Convert.ToDecimal(value, ui.Culture);
        if (attribute.Minimum is { } least && number < (double)least) return ui["field.minimum", least];
        if (attribute.Maximum is { } most && number > (double)most) return ui["field.maximum", most];
        return null;
    }
}
