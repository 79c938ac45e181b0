using System.Globalization;
using System.Xml.Linq;
using Platform.Engine;
using Platform.Engine.Queries;
using Platform.OData.Queries;

namespace Platform.OData.Fetch;

/// <summary>Where a page of FetchXML ended, in Dataverse's form: XML in an attribute of XML, encoded twice for URLs.</summary>
internal static class FetchCookie
{
    /// <summary>The annotation of a page that is not the last one.</summary>
    /// <param name="page">The page that ended.</param>
    public static string Write(PageToken token, FetchPlan plan, int page)
    {
        var inner = new XElement("cookie", new XAttribute("page", page), new XAttribute("token", SkipToken.Encode(token, plan.OrderHash))).ToString(SaveOptions.DisableFormatting);
        return new XElement("cookie", new XAttribute("pagenumber", page + 1), new XAttribute("pagingcookie", Uri.EscapeDataString(Uri.EscapeDataString(inner))), new XAttribute("istracking", "False")).ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Where the page begins that a client asks for; <c>null</c> when the cookie is of another page than the one before.</summary>
    /// <param name="text">As the client sent it, also encoded or with the element around it.</param>
    /// <exception cref="PlatformException">It is no cookie of this query.</exception>
    public static PageToken? Read(string text, FetchPlan plan, int page)
    {
        for (var times = 0; times < 3 && text.StartsWith('%'); times++) text = Uri.UnescapeDataString(text);
        var cookie = FetchElement.Read(text);
        if (cookie["pagingcookie"] is { } inner) return Read(inner, plan, page);
        if (cookie is not { Name: "cookie" } || cookie["token"] is not { } token) throw cookie.Wrong("is no paging cookie", "Send the one of the page before, or none.");
        return cookie["page"] == (page - 1).ToString(CultureInfo.InvariantCulture) ? SkipToken.Decode(token, plan.Query, plan.OrderHash) : null;
    }
}
