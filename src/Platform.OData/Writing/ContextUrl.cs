using System.Text.Json;
using Platform.OData.Routing;

namespace Platform.OData.Writing;

/// <summary>An <c>@odata.context</c>, encoded once per address that clients use.</summary>
/// <param name="relative">Below the service root.</param>
internal sealed class ContextUrl(string relative)
{
    private Encoded? last;

    public JsonEncodedText For(ServiceRoot root)
    {
        var known = Volatile.Read(ref last);
        if (known is not null && ReferenceEquals(known.Root, root)) return known.Text;
        var made = new Encoded(root, JsonText.Encode(root.Url + relative));
        Volatile.Write(ref last, made);
        return made.Text;
    }

    private sealed record Encoded(ServiceRoot Root, JsonEncodedText Text);
}
