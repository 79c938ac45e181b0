using System.Text.Json;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Protocol;

/// <summary>What a worker says to the host.</summary>
internal abstract record WorkerFrame
{
    public static WorkerFrame Read(ReadOnlyMemory<byte> frame)
    {
        var json = new Utf8JsonReader(frame.Span);
        json.Next(JsonTokenType.StartObject);
        json.Property("type"u8);
        json.Next(JsonTokenType.String);
        if (json.ValueTextEquals("call"u8)) return CallFrame.ReadBody(ref json);
        if (json.ValueTextEquals("done"u8)) return DoneFrame.ReadBody(ref json);
        if (json.ValueTextEquals("trace"u8)) return TraceFrame.ReadBody(ref json);
        if (json.ValueTextEquals("rejected"u8)) return RejectedFrame.ReadBody(ref json);
        if (json.ValueTextEquals("failed"u8)) return FailedFrame.ReadBody(ref json);
        if (json.ValueTextEquals("loaded"u8)) return new LoadedFrame();
        if (json.ValueTextEquals("hello"u8)) return HelloFrame.ReadBody(ref json);
        throw FrameException.Unexpected($"the message '{json.GetString()}'");
    }

    public abstract void Write(FrameWriter writer);
}

/// <summary>The worker is ready. <paramref name="Protections"/> names what is locked down in it.</summary>
internal sealed record HelloFrame(int Version, IReadOnlyList<string> Protections) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        var json = writer.Begin("hello"u8);
        json.WriteNumber("version"u8, Version);
        json.WriteStartArray("protections"u8);
        foreach (var protection in Protections) json.WriteStringValue(protection);
        json.WriteEndArray();
        writer.Send();
    }

    public static HelloFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("version"u8);
        var version = json.NextInt32();
        // A worker of another version may say more than this, or something else: its number is all that counts then.
        if (version != FrameFormat.Version) return new(version, []);
        json.Property("protections"u8);
        json.Next(JsonTokenType.StartArray);
        var protections = new List<string>();
        while (json.Read() && json.TokenType == JsonTokenType.String) protections.Add(json.GetString()!);
        return new(version, protections);
    }
}

internal sealed record LoadedFrame : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        writer.Begin("loaded"u8);
        writer.Send();
    }
}

internal sealed record TraceFrame(string Line) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        writer.Begin("trace"u8).WriteString("line"u8, Line);
        writer.Send();
    }

    public static TraceFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("line"u8);
        return new(json.NextString());
    }
}

/// <summary>A script called a service; the worker waits for the answer.</summary>
internal sealed record CallFrame(string Name, IReadOnlyList<object?> Arguments) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        var json = writer.Begin("call"u8);
        json.WriteString("name"u8, Name);
        json.WriteStartArray("arguments"u8);
        foreach (var argument in Arguments) WireValue.Write(json, argument);
        json.WriteEndArray();
        writer.Send();
    }

    public static CallFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("name"u8);
        var name = json.NextString();
        json.Property("arguments"u8);
        json.Next(JsonTokenType.StartArray);
        var arguments = new List<object?>(2);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) arguments.Add(WireValue.Read(ref json));
        return new(name, arguments);
    }
}

internal sealed record DoneFrame(EntityRecord? Target, PluginParameters? Input, PluginParameters Output, PluginParameters SharedVariables) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        var json = writer.Begin("done"u8);
        json.WritePropertyName("target"u8);
        if (Target is null) json.WriteNullValue();
        else WireValue.WriteRecord(json, Target);
        json.WritePropertyName("input"u8);
        if (Input is null) json.WriteNullValue();
        else WireValue.WriteValues(json, Input.Values);
        json.WritePropertyName("output"u8);
        WireValue.WriteValues(json, Output.Values);
        json.WritePropertyName("sharedVariables"u8);
        WireValue.WriteValues(json, SharedVariables.Values);
        writer.Send();
    }

    public static DoneFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("target"u8);
        json.Read();
        var target = json.TokenType == JsonTokenType.Null ? null : WireValue.ReadRecord(ref json);
        json.Property("input"u8);
        json.Read();
        var input = json.TokenType == JsonTokenType.Null ? null : WireValue.ReadParameters(ref json);
        json.Property("output"u8);
        var output = WireValue.ReadNextParameters(ref json);
        json.Property("sharedVariables"u8);
        return new(target, input, output, WireValue.ReadNextParameters(ref json));
    }
}

internal sealed record RejectedFrame(string Message, string Code) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        var json = writer.Begin("rejected"u8);
        json.WriteString("message"u8, Message);
        json.WriteString("code"u8, Code);
        writer.Send();
    }

    public static RejectedFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("message"u8);
        var message = json.NextString();
        json.Property("code"u8);
        return new(message, json.NextString());
    }
}

/// <summary>Where in a compiled C# script: token of the method and offset of its IL.</summary>
internal readonly record struct ImageLocation(int Method, int Offset);

/// <summary>The run, or the loading of an image, failed.</summary>
/// <param name="Line">Line in the author's source (JavaScript).</param>
/// <param name="Frames">Places in the image, innermost first (C#).</param>
/// <param name="IsServiceError">The error is the answer of the last service call, not caught by the script.</param>
internal sealed record FailedFrame(PluginFailure Failure, string Message, int? Line = null, IReadOnlyList<ImageLocation>? Frames = null, bool IsServiceError = false) : WorkerFrame
{
    public override void Write(FrameWriter writer)
    {
        var json = writer.Begin("failed"u8);
        json.WriteString("failure"u8, Failure switch
        {
            PluginFailure.Memory => "memory"u8,
            PluginFailure.ServiceCalls => "serviceCalls"u8,
            _ => "error"u8,
        });
        json.WriteString("message"u8, Message);
        if (Line is { } line) json.WriteNumber("line"u8, line);
        if (Frames is { Count: > 0 })
        {
            json.WriteStartArray("frames"u8);
            foreach (var (method, offset) in Frames)
            {
                json.WriteNumberValue(method);
                json.WriteNumberValue(offset);
            }
            json.WriteEndArray();
        }
        if (IsServiceError) json.WriteBoolean("call"u8, true);
        writer.Send();
    }

    public static FailedFrame ReadBody(ref Utf8JsonReader json)
    {
        json.Property("failure"u8);
        var failure = json.NextString() switch
        {
            "memory" => PluginFailure.Memory,
            "serviceCalls" => PluginFailure.ServiceCalls,
            _ => PluginFailure.Error,
        };
        json.Property("message"u8);
        var message = json.NextString();
        int? line = null;
        var frames = new List<ImageLocation>();
        var isServiceError = false;
        while (json.NextName() is { } name)
        {
            switch (name)
            {
                case "line": line = json.NextInt32(); break;
                case "frames": ReadFrames(ref json, frames); break;
                case "call": json.Read(); isServiceError = json.GetBoolean(); break;
                default: throw FrameException.Unexpected($"the property '{name}'");
            }
        }
        return new(failure, message, line, frames, isServiceError);
    }

    private static void ReadFrames(ref Utf8JsonReader json, List<ImageLocation> frames)
    {
        json.Next(JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.Number)
            frames.Add(new(json.GetInt32(), json.NextInt32()));
    }
}
