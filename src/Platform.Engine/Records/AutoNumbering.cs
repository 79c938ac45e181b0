using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Numbers new rows. A value that the caller brings stays; numbers of creates that are rolled back may be missing.</summary>
internal static class AutoNumbering
{
    private const string RandomCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Fills the attributes of a new row that are numbered and bring no value.</summary>
    /// <exception cref="PlatformException">The number has outgrown its attribute.</exception>
    public static async ValueTask FillAsync(EntityDefinition entity, EntityRecord row, MessageScope scope, CancellationToken ct)
    {
        foreach (var attribute in entity.AutoNumbers)
        {
            if (row[attribute.LogicalName] is not null) continue;
            var text = await ComposeAsync(entity, attribute, scope, ct);
            if (text.Length > attribute.MaxLength) throw Errors.TooLong(entity.LogicalName, attribute.LogicalName, attribute.MaxLength, text.Length);
            row[attribute.LogicalName] = text;
        }
    }

    private static async ValueTask<string> ComposeAsync(EntityDefinition entity, AttributeDefinition attribute, MessageScope scope, CancellationToken ct)
    {
        var parts = attribute.AutoNumber!.Parts;
        // Several {SEQNUM} of one format show the same number.
        var number = parts.Any(part => part is SequencePart) ? await AutoNumberSequence.Of(entity, attribute).NextAsync(scope.InTransaction, ct) : 0;
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            _ = part switch
            {
                LiteralPart literal => text.Append(literal.Text),
                SequencePart sequence => text.Append(number.ToString("D" + sequence.Width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
                RandomPart random => text.Append(RandomNumberGenerator.GetString(RandomCharacters, random.Length)),
                TimePart time => text.Append(scope.Now.ToString(time.Format, CultureInfo.InvariantCulture)),
                _ => throw new InvalidOperationException($"{part.GetType().Name} has no text."),
            };
        }
        return text.ToString();
    }
}
