namespace Platform.Sdk;

/// <summary>Raised by <see cref="PluginContext.Reject"/>: the script refuses the message, everything it did is rolled back, the caller sees the sentence.</summary>
public sealed class PluginRejectedException(string message, string code) : Exception(message)
{
    /// <summary>Code of the refusal, with the pack's prefix (<c>loy_insufficient_points</c>). The pack's <c>labels</c> may translate the sentence under this code.</summary>
    public string Code { get; } = code;
}
