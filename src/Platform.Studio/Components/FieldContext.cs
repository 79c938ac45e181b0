using Platform.Studio.Forms;
using Platform.Studio.Text;

namespace Platform.Studio.Components;

/// <summary>What an editor needs to know about its field.</summary>
/// <param name="Id">Id of the input in the page; the label and the error refer to it.</param>
public sealed record FieldContext(FormState Form, AttributeDefinition Attribute, string Id, ValueFormat Format, Action Changed)
{
    public object? Value => Form[Attribute.LogicalName];

    public string? Error => Form.Errors.GetValueOrDefault(Attribute.LogicalName);

    /// <summary>ARIA attributes that tie the input to its error and to its being required.</summary>
    public Dictionary<string, object> Aria
    {
        get
        {
            var aria = new Dictionary<string, object>();
            if (Attribute.Required) aria["aria-required"] = "true";
            if (Error is null) return aria;
            aria["aria-invalid"] = "true";
            aria["aria-describedby"] = Id + "-error";
            return aria;
        }
    }

    public void Set(object? value)
    {
        Form.Set(Attribute.LogicalName, value);
        Changed();
    }

    public void Fail(string sentence)
    {
        Form.FailUnreadable(Attribute.LogicalName, sentence);
        Changed();
    }
}
