using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Sdk;

namespace Platform.OData.Queries;

/// <summary>
/// A <see cref="PageToken"/> as the text of <c>$skiptoken</c>: base64url of <c>[order hash, taken, id, values…]</c>. It is
/// not signed, because it grants nothing: whatever values it holds become parameters of a query with the caller's row
/// filter in it. It is checked in full, because a client can send anything.
/// </summary>
internal static class SkipToken
{
    private const int LongestToken = 16384;

    /// <summary>Identifies entity and order, the same in every process.</summary>
    public static uint Hash(Query query)
    {
        var hash = 2166136261u; // FNV-1a
        Mix(ref hash, query.Entity.LogicalName);
        foreach (var order in query.TotalOrders) Mix(ref hash, order.ToString());
        return hash;
    }

    public static string Encode(PageToken token, QueryPlan plan) => Encode(token, plan.OrderHash);

    /// <param name="orderHash">What <see cref="Hash"/> says about the query.</param>
    public static string Encode(PageToken token, uint orderHash)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteNumberValue(orderHash);
            json.WriteNumberValue(token.Taken);
            json.WriteStringValue(token.Id);
            foreach (var value in token.Values) Write(json, value);
            json.WriteEndArray();
        }
        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }

    /// <exception cref="PlatformException">The text is no token of this query.</exception>
    public static PageToken Decode(string text, QueryPlan plan) => Decode(text, plan.Query, plan.OrderHash);

    /// <param name="orderHash">What <see cref="Hash"/> says about the query.</param>
    /// <exception cref="PlatformException">The text is no token of this query.</exception>
    public static PageToken Decode(string text, Query query, uint orderHash)
    {
        try
        {
            if (text.Length > LongestToken) throw Broken();
            var reader = new Utf8JsonReader(Base64Url.DecodeFromChars(text));
            Next(ref reader, JsonTokenType.StartArray);
            Next(ref reader, JsonTokenType.Number);
            if (reader.GetUInt32() != orderHash) throw Broken();
            Next(ref reader, JsonTokenType.Number);
            var taken = reader.GetInt32();
            Next(ref reader, JsonTokenType.String);
            var id = reader.GetGuid();
            // Groups go on by their number.
            var orders = query.Grouping is null ? query.TotalOrders : [];
            var values = ImmutableArray.CreateBuilder<object?>(orders.Length);
            foreach (var order in orders)
            {
                if (!reader.Read()) throw Broken();
                values.Add(Read(ref reader, order.Attribute.Kind));
            }
            Next(ref reader, JsonTokenType.EndArray);
            if (taken < 0 || reader.Read()) throw Broken();
            return new PageToken(values.MoveToImmutable(), id, taken);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw Broken();
        }
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case ChoiceValues choices: json.WriteStringValue(choices.ToString()); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case DateTime point: json.WriteNumberValue(point.Ticks); break;
            case DateOnly day: json.WriteNumberValue(day.DayNumber); break;
            case Guid id: // a lookup without a name ends a page by its id: the list tells it from a name
                json.WriteStartArray();
                json.WriteStringValue(id);
                json.WriteEndArray();
                break;
            default: throw new InvalidOperationException($"A page cannot end at a {value.GetType().Name}.");
        }
    }

    private static object? Read(ref Utf8JsonReader reader, AttributeKind kind)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        return kind switch
        {
            // A lookup sorts by the name of its target, if targets have names.
            AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image when reader.TokenType == JsonTokenType.StartArray => Id(ref reader),
            AttributeKind.String or AttributeKind.Memo or AttributeKind.Lookup => reader.GetString(),
            AttributeKind.MultiChoice => ChoiceValues.Parse(reader.GetString()!) ?? throw Broken(),
            AttributeKind.Boolean => reader.GetBoolean(),
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => reader.GetInt32(),
            AttributeKind.BigInt => reader.GetInt64(),
            AttributeKind.Decimal or AttributeKind.Money => reader.GetDecimal(),
            AttributeKind.Double => reader.GetDouble(),
            AttributeKind.DateTime => new DateTime(reader.GetInt64(), DateTimeKind.Utc),
            AttributeKind.DateOnly => DateOnly.FromDayNumber(reader.GetInt32()),
            _ => throw Broken(),
        };
    }

    private static Guid Id(ref Utf8JsonReader reader)
    {
        Next(ref reader, JsonTokenType.String);
        var id = reader.GetGuid();
        Next(ref reader, JsonTokenType.EndArray);
        return id;
    }

    private static void Next(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (!reader.Read() || reader.TokenType != expected) throw Broken();
    }

    private static void Mix(ref uint hash, string text)
    {
        foreach (var character in text) hash = (hash ^ character) * 16777619u;
        hash = (hash ^ '|') * 16777619u;
    }

    /// <summary>The text is no token of the query.</summary>
    public static PlatformException Broken() =>
        Errors.BadRequest("The $skiptoken is not one that this query gave out.", "Follow @odata.nextLink as it is, or begin again at the first page.");
}
