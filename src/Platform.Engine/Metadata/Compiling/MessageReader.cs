namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads the translations of what scripts say when they reject.</summary>
internal static class MessageReader
{
    public static void Read(PackDraft pack, MetadataDraft draft)
    {
        var scripts = pack.Files.Files.Where(file => StepFolder.IsScript(file.Key)).Select(file => file.Value).ToList();
        foreach (var node in pack.Labels.Under("messages"))
        {
            var code = node.Name;
            var translations = pack.Labels.Translations("messages", code);
            if (!pack.MayName(code)) node.Fail($"'{code}' does not begin with the prefix of the pack's publisher.", $"Codes of this pack begin with '{pack.Prefix}_'.");
            else if (!scripts.Any(script => script.Contains(code, StringComparison.Ordinal)))
                node.Fail($"No script of the pack rejects with the code '{code}'.", "The code stands in the script as it stands here, in Reject(message, code).");
            if (translations is null) continue;
            if (draft.Messages.TryGetValue(code, out var other))
            {
                foreach (var (language, text) in other.Translations) translations.TryAdd(language, text);
            }

            draft.Messages[code] = new Label(code, translations);
        }
    }
}
