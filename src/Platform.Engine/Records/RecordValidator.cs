using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Checks values against their attributes and brings them into the attribute's .NET type. JavaScript has neither dates
/// without a time nor GUIDs: its scripts write both as text.
/// </summary>
internal static class RecordValidator
{
    /// <summary>Values of one multi-choice attribute (Dataverse's limit).</summary>
    private const int MostChoices = 150;

    /// <summary>Checks and normalises all attributes of a record in place.</summary>
    /// <exception cref="PlatformException">The first value that does not fit.</exception>
    public static void Check(EntityDefinition entity, EntityRecord record)
    {
        foreach (var (name, value) in record.Attributes.ToArray())
        {
            var attribute = entity.Attribute(name);
            if (value is null) continue;
            record[name] = Checked(entity, attribute, value);
        }
    }

    /// <summary>Required attributes of a new row have values.</summary>
    public static void CheckRequired(EntityDefinition entity, EntityRecord record)
    {
        foreach (var attribute in entity.Attributes)
        {
            if (attribute.Required && IsEmpty(record[attribute.LogicalName])) throw Errors.Required(entity.LogicalName, attribute.LogicalName);
        }
    }

    /// <summary>The same before the row is completed: required attributes that only the caller or a step can give.</summary>
    public static void CheckGiven(EntityDefinition entity, EntityRecord record)
    {
        foreach (var attribute in entity.Attributes)
        {
            var isFilled = attribute.Default is not null || attribute.AutoNumber is not null || attribute.FullName is not null
                || attribute.LogicalName is SystemAttributes.OwnerId or SystemAttributes.OwningBusinessUnit or SystemAttributes.StateCode or SystemAttributes.StatusCode;
            if (attribute.Required && !isFilled && IsEmpty(record[attribute.LogicalName])) throw Errors.Required(entity.LogicalName, attribute.LogicalName);
        }
    }

    /// <summary>Required attributes are not emptied.</summary>
    public static void CheckNotEmptied(EntityDefinition entity, EntityRecord changes)
    {
        foreach (var (name, value) in changes.Attributes)
        {
            if (entity.Attribute(name).Required && IsEmpty(value)) throw Errors.Required(entity.LogicalName, name);
        }
    }

    private static bool IsEmpty(object? value) => value is null or "";

    private static object? Checked(EntityDefinition entity, AttributeDefinition attribute, object value) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => Text(entity, attribute, value),
        AttributeKind.Integer or AttributeKind.BigInt or AttributeKind.Decimal or AttributeKind.Money or AttributeKind.Double => Number(entity, attribute, value),
        AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => Option(entity, attribute, value),
        AttributeKind.MultiChoice => Options(entity, attribute, value),
        AttributeKind.Boolean => value is bool ? value : throw Wrong(entity, attribute, value),
        AttributeKind.DateTime => value switch
        {
            DateTime time => Seconds(time),
            string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => Seconds(time.UtcDateTime),
            _ => throw Wrong(entity, attribute, value),
        },
        AttributeKind.DateOnly => value switch
        {
            DateOnly date => date,
            string text when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
            _ => throw Wrong(entity, attribute, value),
        },
        AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image => value switch
        {
            Guid id => id,
            string text when Guid.TryParse(text, out var id) => id,
            _ => throw Wrong(entity, attribute, value),
        },
        AttributeKind.GeoPoint => value switch
        {
            GeoPoint point => point,
            string text => GeoPoint.Parse(text) ?? throw Wrong(entity, attribute, value),
            PluginParameters degrees => Point(entity, attribute, degrees),
            _ => throw Wrong(entity, attribute, value),
        },
        AttributeKind.Lookup => Reference(entity, attribute, value),
        _ => throw Wrong(entity, attribute, value),
    };

    private static string? Text(EntityDefinition entity, AttributeDefinition attribute, object value)
    {
        if (value is not string text) throw Wrong(entity, attribute, value);
        if (!NormalForm.IsText(text)) throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, "text", "text with characters that are none (NUL, U+FFFE or half a surrogate pair)");
        text = NormalForm.Of(text);
        if (text.Length > attribute.MaxLength) throw Errors.TooLong(entity.LogicalName, attribute.LogicalName, attribute.MaxLength, text.Length);
        if (text.Length == 0) return null;
        if (attribute.Pattern is { } pattern && !Matches(pattern, text)) throw Errors.PatternMismatch(entity.LogicalName, attribute.LogicalName, attribute.PatternText!);
        return text;
    }

    // A text on which the pattern takes too long is not one that its author had in mind.
    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static object Number(EntityDefinition entity, AttributeDefinition attribute, object value)
    {
        if (attribute.Kind == AttributeKind.Double)
        {
            var real = value switch { double d => d, int i => i, long l => l, decimal m => double.Parse(m.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), _ => throw Wrong(entity, attribute, value) };
            if (!double.IsFinite(real) || real < (double)(attribute.Minimum ?? decimal.MinValue) || real > (double)(attribute.Maximum ?? decimal.MaxValue)) throw Range(entity, attribute);
            // One zero: SQLite has no other.
            return real == 0 ? 0d : real;
        }
        var number = value switch
        {
            int i => i,
            long l => l,
            decimal m => m,
            double d when double.IsFinite(d) && Math.Abs(d) < 7.9e28 => (decimal)d,
            double => throw Range(entity, attribute),
            _ => throw Wrong(entity, attribute, value),
        };
        if (number < attribute.Minimum || number > attribute.Maximum) throw Range(entity, attribute);
        switch (attribute.Kind)
        {
            case AttributeKind.Integer:
                if (decimal.Truncate(number) != number) throw Wrong(entity, attribute, value);
                return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Range(entity, attribute);
            case AttributeKind.BigInt:
                if (decimal.Truncate(number) != number) throw Wrong(entity, attribute, value);
                return number is >= long.MinValue and <= long.MaxValue ? (long)number : throw Range(entity, attribute);
            default:
                // What both databases can hold exactly: 18 digits, of which the stored scale stands after the point.
                var most = long.MaxValue / PowerOfTen(attribute.StoredScale);
                if (Math.Abs(number) > most) throw Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum ?? -most, attribute.Maximum ?? most);
                return decimal.Round(number, attribute.Precision, MidpointRounding.AwayFromZero);
        }
    }

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var at = 0; at < exponent; at++)
            power *= 10m;
        return power;
    }

    private static int Option(EntityDefinition entity, AttributeDefinition attribute, object value)
    {
        var number = value switch
        {
            int i => i,
            long l when l is >= int.MinValue and <= int.MaxValue => (int)l,
            double d when double.IsInteger(d) && Math.Abs(d) <= int.MaxValue => (int)d,
            decimal m when decimal.Truncate(m) == m && Math.Abs(m) <= int.MaxValue => (int)m,
            _ => throw Wrong(entity, attribute, value),
        };
        return attribute.OptionOf(number) is not null
            ? number
            : throw Errors.NoSuchOption(entity.LogicalName, attribute.LogicalName, number, attribute.Options.Select(option => option.Value));
    }

    private static ChoiceValues? Options(EntityDefinition entity, AttributeDefinition attribute, object value)
    {
        IEnumerable list = value switch
        {
            "" => Array.Empty<int>(),
            string text => ChoiceValues.Parse(text) ?? throw Wrong(entity, attribute, value),
            IEnumerable items => items,
            _ => throw Wrong(entity, attribute, value),
        };
        var values = new ChoiceValues(list.Cast<object?>().Select(item => Option(entity, attribute, item ?? throw Wrong(entity, attribute, value))));
        if (values.Count > MostChoices) throw Errors.TooManyChoices(entity.LogicalName, attribute.LogicalName, MostChoices, values.Count);
        return values.Count == 0 ? null : values;
    }

    /// <summary>A point as JavaScript writes it: an object with <c>latitude</c> and <c>longitude</c>.</summary>
    private static GeoPoint Point(EntityDefinition entity, AttributeDefinition attribute, PluginParameters value)
    {
        return Degrees("latitude") is var latitude && GeoPoint.IsLatitude(latitude) && Degrees("longitude") is var longitude && GeoPoint.IsLongitude(longitude)
            ? new GeoPoint(latitude, longitude)
            : throw Errors.NoSuchPlace(entity.LogicalName, attribute.LogicalName);

        decimal Degrees(string name) => value[name] switch
        {
            int i => i,
            long l => l,
            decimal m => m,
            double d when Math.Abs(d) <= 180 => (decimal)d,
            double => decimal.MaxValue,
            _ => throw Wrong(entity, attribute, value),
        };
    }

    private static EntityReference Reference(EntityDefinition entity, AttributeDefinition attribute, object value)
    {
        var targets = attribute.Lookup!.Targets;
        var reference = value switch
        {
            EntityReference given => given,
            Guid id when targets.Length == 1 => new EntityReference(targets[0], id),
            _ => throw Wrong(entity, attribute, value),
        };
        return targets.Contains(reference.LogicalName)
            ? reference
            : throw Errors.WrongLookupTarget(entity.LogicalName, attribute.LogicalName, reference.LogicalName, targets);
    }

    private static DateTime Seconds(DateTime time)
    {
        var utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
        return new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
    }

    private static PlatformException Range(EntityDefinition entity, AttributeDefinition attribute) =>
        Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum, attribute.Maximum);

    private static PlatformException Wrong(EntityDefinition entity, AttributeDefinition attribute, object value) =>
        Errors.WrongType(entity.LogicalName, attribute.LogicalName, attribute.Kind.ToString(), value is EntityReference reference ? $"a reference to {reference.LogicalName}" : value.GetType().Name);
}
