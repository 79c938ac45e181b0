namespace Platform.Sdk;

/// <summary>Where in the pipeline a step runs; the numbers are Dataverse's.</summary>
public enum PluginStage
{
    /// <summary>Before the transaction and before security-relevant work; the place for slow checks.</summary>
    PreValidation = 10,

    /// <summary>Inside the transaction, before the row is written; changes to the target are written.</summary>
    PreOperation = 20,

    /// <summary>The operation itself; only custom APIs have steps here.</summary>
    MainOperation = 30,

    /// <summary>Inside the transaction, after the row is written.</summary>
    PostOperation = 40,
}
