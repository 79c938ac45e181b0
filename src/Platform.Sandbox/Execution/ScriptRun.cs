using System.Text;
using Platform.Sandbox.Protocol;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Execution;

/// <summary>One run inside the worker: its inputs, its limits, and the way to the host.</summary>
internal sealed class ScriptRun(PluginRunState state, ReadOnlyMemory<byte> frame, HostLink link)
{
    private const int MaximumTraceCharacters = 10_000;

    private int traced;
    private int serviceCalls;

    public PluginRunState State { get; } = state;

    /// <summary>The <c>run</c> frame as JSON; valid until the first service call.</summary>
    public ReadOnlyMemory<byte> Frame { get; } = frame;

    /// <summary>Sentence that names the exceeded limit; stays set even when the script swallows the exception.</summary>
    public string? ExceededServiceCalls { get; private set; }

    /// <summary>What the last service call was refused with; <c>null</c> when it succeeded.</summary>
    public ServiceCallException? ServiceError { get; private set; }

    /// <summary>Sends a service call and returns the host's answer.</summary>
    /// <exception cref="ServiceCallException">The call was refused.</exception>
    /// <exception cref="ServiceCallLimitException">One call more than granted.</exception>
    public object? Call(string name, params object?[] arguments)
    {
        CountCall();
        new CallFrame(name, arguments).Write(link.Writer);
        var answer = HostFrame.Read(link.ReceiveAnswer()) as AnswerFrame ?? throw FrameException.Unexpected("anything but an answer");
        if (answer.ErrorMessage is null) return answer.Value;
        throw Refused(answer.ErrorCode ?? "", answer.ErrorMessage);
    }

    /// <summary>The same with JSON on both sides; the answer is the whole frame and may be a refusal (<c>code</c>, <c>message</c>).</summary>
    /// <exception cref="ServiceCallLimitException">One call more than granted.</exception>
    public string CallWithJson(string name, string argumentsJson)
    {
        CountCall();
        var json = link.Writer.Begin("call"u8);
        json.WriteString("name"u8, name);
        json.WritePropertyName("arguments"u8);
        json.WriteRawValue(argumentsJson);
        link.Writer.Send();
        return Encoding.UTF8.GetString(link.ReceiveAnswer().Span);
    }

    /// <summary>Remembers a refusal that the script is about to see.</summary>
    public ServiceCallException Refused(string code, string message) => ServiceError = new ServiceCallException(code, message);

    /// <summary>Sends a line at once, so that it survives whatever happens next. At most 10,000 characters a run.</summary>
    public void Trace(string line)
    {
        if (traced >= MaximumTraceCharacters) return;
        var room = MaximumTraceCharacters - traced;
        // An empty line counts too: a loop of empty traces would flood the host.
        traced += line.Length + 1;
        new TraceFrame(line.Length <= room ? line : line[..room]).Write(link.Writer);
        if (traced >= MaximumTraceCharacters) new TraceFrame($"(the trace ends here: {MaximumTraceCharacters:N0} characters a run)").Write(link.Writer);
    }

    private void CountCall()
    {
        ServiceError = null;
        if (++serviceCalls <= State.ServiceCalls) return;
        ExceededServiceCalls = $"more than {State.ServiceCalls} service calls in one run";
        throw new ServiceCallLimitException(ExceededServiceCalls);
    }
}

/// <summary>Thrown into the script that exceeds its service calls.</summary>
internal sealed class ServiceCallLimitException(string message) : Exception(message);
