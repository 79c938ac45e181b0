using System.Text;
using System.Text.Json;
using Jurassic;
using Jurassic.Compiler;
using Jurassic.Library;
using Platform.Sandbox.Execution;
using Platform.Sandbox.Protocol;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.JavaScript;

/// <summary>
/// The JavaScript engine. This file and <see cref="JavaScriptSyntax"/> are the only ones that name it: a newer engine
/// replaces them and keeps <c>prelude.js</c> and everything around.
/// </summary>
/// <remarks>
/// Known faults of Jurassic 3.2.4 on .NET 10 that a script can meet: bit operators are wrong for negative and large
/// numbers (refused at publish), <c>Array.prototype.sort</c> is not stable, <c>Object.freeze</c> does nothing to an
/// array, integer-like keys keep their insertion order, <c>localeCompare</c> is ordinal.
/// </remarks>
internal sealed class JavaScriptRuntime
{
    private const int RecursionDepth = 1000;

    private static readonly CompiledScript Prelude = Compile(ReadPrelude(), "prelude.js");

    private Engine? next;

    /// <summary>Creates the engine of the next run; called between two runs, off the path of a message.</summary>
    public void PrepareNext() => next ??= new Engine();

    public ILoadedScript Load(ScriptImage image)
    {
        var path = Path.GetFileName(image.File);
        return new Script(this, Compile(Wrap(Encoding.UTF8.GetString(image.Code.Span)), path), path);
    }

    /// <summary>A function around the script makes its variables locals, which the engine compiles to fast code. Its lines stay the author's.</summary>
    public static string Wrap(string source) => $"(function(){{'use strict';{source}\n}})()";

    private static CompiledScript Compile(string source, string path) =>
        CompiledScript.Compile(new StringScriptSource(source, path), new CompilerOptions());

    private static string ReadPrelude()
    {
        using var stream = typeof(JavaScriptRuntime).Assembly.GetManifestResourceStream("Platform.Sandbox.JavaScript.prelude.js")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private Engine TakeEngine()
    {
        var engine = next ?? new Engine();
        next = null;
        return engine;
    }

    private sealed class Script(JavaScriptRuntime runtime, CompiledScript code, string path) : ILoadedScript
    {
        public WorkerFrame Run(ScriptRun run)
        {
            var engine = runtime.TakeEngine();
            try
            {
                engine.Begin(run);
                code.Execute(engine.Globals);
                if (run.ExceededServiceCalls is { } limit) return new FailedFrame(PluginFailure.ServiceCalls, limit);
                return JavaScriptChanges.Apply(engine.Finish(), run.State);
            }
            catch (PluginRejectedException rejection)
            {
                return new RejectedFrame(rejection.Message, rejection.Code);
            }
            catch (ServiceCallLimitException limit)
            {
                return new FailedFrame(PluginFailure.ServiceCalls, limit.Message, engine.LineOfLastCall(path));
            }
            catch (JavaScriptException error)
            {
                var refused = run.ServiceError is { } service && error.Message.EndsWith(service.Message, StringComparison.Ordinal);
                return new FailedFrame(PluginFailure.Error, Sentence(error), LineOf(error, engine.Globals), IsServiceError: refused);
            }
            catch (StackOverflowException)
            {
                // Thrown by the engine's own depth counter; a real overflow of the stack ends the process.
                return new FailedFrame(PluginFailure.Error, $"the script calls itself more than {RecursionDepth} levels deep");
            }
            catch (OutOfMemoryException)
            {
                return new FailedFrame(PluginFailure.Memory, "the script needs more memory than its worker has");
            }
            catch (FrameException error)
            {
                return new FailedFrame(PluginFailure.Error, error.Message);
            }
            catch (JsonException error)
            {
                return new FailedFrame(PluginFailure.Error, $"a value that the script has set cannot be read: {error.Message}");
            }
        }

        private static string Sentence(JavaScriptException error)
        {
            var message = error.Message;
            foreach (var prefix in (ReadOnlySpan<string>)["Error: ", "ServiceCallException: "])
                if (message.StartsWith(prefix, StringComparison.Ordinal)) return message[prefix.Length..];
            return message;
        }

        private int? LineOf(JavaScriptException error, ScriptEngine engine)
        {
            if (error.GetErrorObject(engine) is ErrorInstance { Stack: { } stack } && JavaScriptStack.InnermostLine(stack, path) is { } line) return line;
            return error.SourcePath == path && error.LineNumber > 0 ? error.LineNumber : null;
        }
    }

    /// <summary>A function of the host. Not a delegate: the engine would generate and compile a binder for it in every fresh engine.</summary>
    private sealed class HostFunction(ScriptEngine engine, Func<string, string, string> body) : FunctionInstance(engine.Function.InstancePrototype)
    {
        public override object CallLateBound(object thisObject, params object[] argumentValues) =>
            body(TypeConverter.ToString(argumentValues[0]), TypeConverter.ToString(argumentValues[1]));
    }

    /// <summary>One engine: runs one script once.</summary>
    private sealed class Engine
    {
        private ScriptRun? run;
        private string? callStack;

        public Engine()
        {
            Globals = new ScriptEngine { RecursionDepthLimit = RecursionDepth };
            Globals.SetGlobalValue("__host", new HostFunction(Globals, Call));
            Prelude.Execute(Globals);
        }

        public ScriptEngine Globals { get; }

        public void Begin(ScriptRun started)
        {
            run = started;
            Globals.CallGlobalFunction("__begin", Encoding.UTF8.GetString(started.Frame.Span));
        }

        public string Finish() => Globals.CallGlobalFunction<string>("__finish");

        public int? LineOfLastCall(string path) => callStack is null ? null : JavaScriptStack.InnermostLine(callStack, path);

        /// <summary>The one function through which a script reaches the host; only strings pass.</summary>
        private string Call(string name, string argument)
        {
            argument = WellFormed(argument);
            switch (name)
            {
                case "trace":
                    run!.Trace(argument);
                    return "";
                case "reject":
                    throw JavaScriptChanges.Rejection(argument);
                case "limit":
                    // Not an error of JavaScript: no catch and no finally of the script sees it.
                    callStack = argument;
                    throw new ServiceCallLimitException(run!.ExceededServiceCalls ?? "");
                default:
                    return CallService(name, argument);
            }
        }

        /// <summary>Half a surrogate pair has no UTF-8; a script gets one where it cuts a text in the middle of a character.</summary>
        private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

        private string CallService(string name, string argument)
        {
            try
            {
                var answer = run!.CallWithJson(name, argument);
                if (JavaScriptChanges.Refusal(answer) is var (code, message)) run.Refused(code, message);
                return answer;
            }
            catch (ServiceCallLimitException)
            {
                // The prelude knows where the script is, and answers with it.
                return "";
            }
        }
    }
}
