using System.Globalization;
using System.Text.Json;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Protocol;

/// <summary>What the host says to a worker.</summary>
internal abstract record HostFrame
{
    public static HostFrame Read(ReadOnlyMemory<byte> frame)
    {
        var json = new Utf8JsonReader(frame.Span);
        json.Next(JsonTokenType.StartObject);
        json.Property("type"u8);
        json.Next(JsonTokenType.String);
        if (json.ValueTextEquals("run"u8)) return RunFrame.ReadBody(ref json);
        if (json.ValueTextEquals("answer"u8)) return AnswerFrame.ReadBody(ref json);
        if (json.ValueTextEquals("load"u8)) return LoadFrame.ReadBody(ref json);
        throw FrameException.Unexpected($"the message '{json.GetString()}'");
    }
}

/// <summary>Makes an image known to a worker.</summary>
internal sealed record LoadFrame(ScriptImage Image) : HostFrame
{
    public void Write(FrameWriter writer)
    {
        var json = writer.Begin("load"u8);
        json.WriteString("key"u8, Image.Key);
        json.WriteString("file"u8, Image.File);
        json.WriteString("language"u8, Image.Language == ScriptLanguage.CSharp ? "csharp"u8 : "javascript"u8);
        json.WriteBase64String("code"u8, Image.Code.Span);
        writer.Send();
    }

    public static LoadFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("key"u8);
        var key = json.NextString();
        json.Property("file"u8);
        var file = json.NextString();
        json.Property("language"u8);
        json.Next(JsonTokenType.String);
        var language = json.ValueTextEquals("csharp"u8) ? ScriptLanguage.CSharp : ScriptLanguage.JavaScript;
        json.Property("code"u8);
        json.Next(JsonTokenType.String);
        return new(new ScriptImage(key, file, language, json.GetBytesFromBase64()));
    }
}

/// <summary>Answers a service call: with a value, or with the code and sentence of its refusal.</summary>
internal sealed record AnswerFrame(object? Value, string? ErrorCode = null, string? ErrorMessage = null) : HostFrame
{
    public void Write(FrameWriter writer)
    {
        var json = writer.Begin("answer"u8);
        if (ErrorMessage is null)
        {
            json.WritePropertyName("value"u8);
            WireValue.Write(json, Value);
        }
        else
        {
            json.WriteString("code"u8, ErrorCode);
            json.WriteString("message"u8, ErrorMessage);
        }
        writer.Send();
    }

    public static AnswerFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.PropertyName);
        if (json.ValueTextEquals("value"u8))
        {
            json.Read();
            return new(WireValue.Read(ref json));
        }
        var code = json.NextString();
        json.Property("message"u8);
        return new(null, code, json.NextString());
    }
}

/// <summary>Starts a run.</summary>
internal sealed record RunFrame(string Key, PluginRunState State) : HostFrame
{
    public static void Write(FrameWriter writer, PluginRun run)
    {
        var json = writer.Begin("run"u8);
        json.WriteString("key"u8, run.Image.Key);
        json.WriteString("step"u8, run.Step);
        json.WriteString("message"u8, run.Message);
        json.WriteNumber("stage"u8, (int)run.Stage);
        json.WriteNumber("depth"u8, run.Depth);
        json.WritePropertyName("user"u8);
        WireValue.WriteReference(json, run.User);
        json.WriteString("now"u8, run.Now.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("config"u8, run.Config);
        json.WriteNumber("serviceCalls"u8, run.Limits.ServiceCalls);
        json.WritePropertyName("target"u8);
        if (run.Target is null) json.WriteNullValue();
        else WireValue.WriteRecord(json, run.Target);
        WriteImages(json, "preImages"u8, run.PreImages);
        WriteImages(json, "postImages"u8, run.PostImages);
        WriteParameters(json, "input"u8, run.Input);
        WriteParameters(json, "output"u8, run.Output);
        WriteParameters(json, "sharedVariables"u8, run.SharedVariables);
        json.WriteStartArray("parents"u8);
        for (var parent = run.Parent; parent is not null; parent = parent.Parent) WriteParent(json, parent);
        json.WriteEndArray();
        writer.Send();
    }

    private static void WriteParent(Utf8JsonWriter json, PluginParent parent)
    {
        json.WriteStartObject();
        json.WriteString("message"u8, parent.Message);
        json.WriteString("entity"u8, parent.Entity);
        json.WriteString("id"u8, parent.Id);
        json.WriteNumber("depth"u8, parent.Depth);
        WriteParameters(json, "sharedVariables"u8, parent.SharedVariables);
        json.WriteEndObject();
    }

    private static PluginParent? ReadParents(ref Utf8JsonReader json)
    {
        json.Property("parents"u8);
        json.Next(JsonTokenType.StartArray);
        return ReadParent(ref json);
    }

    /// <summary>The parent on which the reader is about to stand, with those behind it.</summary>
    private static PluginParent? ReadParent(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray) return null;
        json.Property("message"u8);
        var message = json.NextString();
        json.Property("entity"u8);
        var entity = json.NextString();
        json.Property("id"u8);
        var id = json.NextGuid();
        json.Property("depth"u8);
        var depth = json.NextInt32();
        var variables = ReadParameters(ref json, "sharedVariables"u8);
        json.Next(JsonTokenType.EndObject);
        return new PluginParent(message, entity, id, depth, variables, ReadParent(ref json));
    }

    private static void WriteImages(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, EntityRecord> images)
    {
        json.WriteStartObject(name);
        foreach (var (alias, image) in images)
        {
            json.WritePropertyName(alias);
            WireValue.WriteRecord(json, image);
        }
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, ReadOnlySpan<byte> name, PluginParameters parameters)
    {
        json.WritePropertyName(name);
        WireValue.WriteValues(json, parameters.Values);
    }

    public static RunFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("key"u8);
        var key = json.NextString();
        json.Property("step"u8);
        var step = json.NextString();
        json.Property("message"u8);
        var message = json.NextString();
        json.Property("stage"u8);
        var stage = (PluginStage)json.NextInt32();
        json.Property("depth"u8);
        var depth = json.NextInt32();
        json.Property("user"u8);
        var user = WireValue.ReadReference(ref json, advance: true);
        json.Property("now"u8);
        json.Next(JsonTokenType.String);
        var now = json.GetDateTime();
        json.Property("config"u8);
        var config = json.NextString();
        json.Property("serviceCalls"u8);
        var serviceCalls = json.NextInt32();
        json.Property("target"u8);
        json.Read();
        var target = json.TokenType == JsonTokenType.Null ? null : WireValue.ReadRecord(ref json);
        return new(key, new PluginRunState
        {
            Step = step,
            Message = message,
            Stage = stage,
            Depth = depth,
            User = user,
            Now = DateTime.SpecifyKind(now, DateTimeKind.Utc),
            Config = config,
            ServiceCalls = serviceCalls,
            Target = target,
            PreImages = ReadImages(ref json, "preImages"u8),
            PostImages = ReadImages(ref json, "postImages"u8),
            Input = ReadParameters(ref json, "input"u8),
            Output = ReadParameters(ref json, "output"u8),
            SharedVariables = ReadParameters(ref json, "sharedVariables"u8),
            Parent = ReadParents(ref json),
        });
    }

    private static Dictionary<string, EntityRecord> ReadImages(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Property(name);
        json.Next(JsonTokenType.StartObject);
        var images = new Dictionary<string, EntityRecord>(StringComparer.Ordinal);
        while (json.NextName() is { } alias)
        {
            json.Next(JsonTokenType.StartObject);
            images.Add(alias, WireValue.ReadRecord(ref json));
        }
        return images;
    }

    private static PluginParameters ReadParameters(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Property(name);
        return WireValue.ReadNextParameters(ref json);
    }
}

/// <summary>A run as the worker sees it.</summary>
internal sealed record PluginRunState
{
    public required string Step { get; init; }
    public required string Message { get; init; }
    public required PluginStage Stage { get; init; }
    public required int Depth { get; init; }
    public required EntityReference User { get; init; }
    public required DateTime Now { get; init; }
    public required string Config { get; init; }
    public required int ServiceCalls { get; init; }
    public required EntityRecord? Target { get; init; }
    public required IReadOnlyDictionary<string, EntityRecord> PreImages { get; init; }
    public required IReadOnlyDictionary<string, EntityRecord> PostImages { get; init; }
    public required PluginParameters Input { get; init; }
    public required PluginParameters Output { get; init; }
    public required PluginParameters SharedVariables { get; init; }
    public required PluginParent? Parent { get; init; }

    /// <summary>The script has looked at the input, and so may have changed it.</summary>
    public bool InputIsSeen { get; set; }
}
