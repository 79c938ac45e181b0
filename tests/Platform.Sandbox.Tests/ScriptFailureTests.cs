using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

public sealed class ScriptFailureTests(ScriptBench bench) : IClassFixture<ScriptBench>
{
    [Theory]
    [InlineData("var a = 1;\nvar b = 0;\n\nvar c = a / b;", "plugin.csx(4): DivideByZeroException: Attempted to divide by zero.", 4)]
    [InlineData("int F(string s)\n{\n    return s.Length;\n}\nvar x = F(null);", "plugin.csx(3): NullReferenceException: Object reference not set to an instance of an object.", 3)]
    [InlineData("var list = new[] { 1, 2 };\nvar sum = list.Sum(n =>\n    n == 2 ? throw new InvalidOperationException(\"two\") : n);", "plugin.csx(3): two", 3)]
    [InlineData("\nContext.Target[\"a\"] = \"x\";\nContext.Target.Get<int>(\"a\");", "plugin.csx(3): InvalidCastException: 'a' of loy_transaction holds a String, not a Int32.", 3)]
    [InlineData("\n\nContext.PreImage(\"before\");", "plugin.csx(3): KeyNotFoundException: The step declares no pre-image 'before'; steps.json gives it no pre-image.", 3)]
    public async Task An_exception_names_file_and_line_of_the_authors_csharp(string script, string message, int line)
    {
        var error = await bench.FailAsync(ScriptBench.CSharp(script));

        Assert.Equal((PluginFailure.Error, message, line), (error.Failure, error.Message, error.Line));
        Assert.Equal("entities/loy_transaction/plugin.csx", error.File);
    }

    [Theory]
    [InlineData("var a = 1;\n\nnull.x;", "plugin.js(3): TypeError: Null cannot be converted to an object", 3)]
    [InlineData("function f() {\n  throw new Error('boom');\n}\nf();", "plugin.js(2): boom", 2)]
    [InlineData("\n[1].map(function (x) {\n  return x.y.z;\n});", "plugin.js(3): TypeError: undefined cannot be converted to an object", 3)]
    [InlineData("\nthrow 'text';", "plugin.js(2): text", 2)]
    [InlineData("\n\ncontext.target.set('f', function () {});", "plugin.js: TypeError: A function cannot be a value of a record.", null)]
    [InlineData("\nmissing = 1;", "plugin.js(2): ReferenceError: missing is not defined.", 2)]
    [InlineData("\n\ncontext.preImage('before');", "plugin.js(3): The step declares no pre-image 'before'.", 3)]
    public async Task An_exception_names_file_and_line_of_the_authors_javascript(string script, string message, int? line)
    {
        var error = await bench.FailAsync(ScriptBench.JavaScript(script));

        Assert.Equal((PluginFailure.Error, message, line), (error.Failure, error.Message, error.Line));
    }

    [Fact]
    public async Task A_refused_service_call_fails_the_run_at_its_line_and_carries_the_refusal()
    {
        foreach (var source in new[]
        {
            ScriptBench.CSharp("\nContext.Trace(\"before\");\nContext.Service.Delete(new EntityReference(\"loy_card\", Context.User.Id));"),
            ScriptBench.JavaScript("\ncontext.trace('before');\ncontext.service.delete({ logicalName: 'loy_card', id: context.user.id });"),
        })
        {
            var error = await bench.FailAsync(source);

            Assert.Equal(PluginFailure.Error, error.Failure);
            Assert.Contains("(3): loy_card With Id = ", error.Message, StringComparison.Ordinal);
            Assert.Equal("0x80040217", Assert.IsType<ServiceCallException>(error.InnerException).Code);
            Assert.Equal(["before"], error.Trace);
        }
    }

    [Fact]
    public async Task A_script_may_catch_a_refused_service_call_and_read_its_code()
    {
        foreach (var source in new[]
        {
            ScriptBench.CSharp("""
                using Platform.Sdk.Hosting;
                try { Context.Service.Retrieve(new EntityReference("loy_card", Context.User.Id)); }
                catch (ServiceCallException refused) { Context.Trace(refused.Code); }
                """),
            ScriptBench.JavaScript("try { context.service.retrieve({ logicalName: 'loy_card', id: context.user.id }); } catch (refused) { context.trace(refused.code); }"),
        })
        {
            var outcome = await bench.RunAsync(source);

            Assert.Equal(["0x80040217"], outcome.Trace);
        }
    }

    [Fact]
    public async Task An_error_that_is_not_a_refusal_reaches_the_engine_as_it_is()
    {
        var services = new MemoryServices { OnCall = (_, _) => throw new TimeoutException("database") };

        var error = await Assert.ThrowsAsync<TimeoutException>(() => bench.RunAsync(ScriptBench.CSharp("Context.Service.Create(new EntityRecord(\"loy_card\"));"), services));

        Assert.Equal("database", error.Message);
        Assert.Empty((await bench.RunAsync(ScriptBench.CSharp("var next = 1;"))).Trace);
    }

    [Fact]
    public async Task Reject_carries_message_and_code_and_no_script_code_runs_after_it()
    {
        foreach (var source in new[]
        {
            ScriptBench.CSharp("Context.Trace(\"a\");\nContext.Reject(\"Not now.\", \"loy_later\");\nContext.Trace(\"b\");"),
            ScriptBench.JavaScript("context.trace('a');\ntry { context.reject('Not now.', 'loy_later'); } catch (e) { context.trace('c'); } finally { }\ncontext.trace('b');"),
        })
        {
            var outcome = await bench.RunAsync(source);

            Assert.Equal(new PluginRejection("Not now.", "loy_later"), outcome.Rejection);
            Assert.Equal(["a"], outcome.Trace);
        }
    }

    [Fact]
    public async Task Too_many_service_calls_fail_the_run_even_when_the_script_swallows_the_error()
    {
        PluginRun Limited(PluginRun run) => run with { Limits = run.Limits with { ServiceCalls = 3 } };
        var loop = "for (var i = 0; i < 10; i++)\n{\n    Context.Service.RetrieveMultiple(\"loy_card\", \"\");\n}";
        var services = new MemoryServices();

        var csharp = await bench.FailAsync(ScriptBench.CSharp(loop), services, Limited);
        var swallowed = await bench.FailAsync(ScriptBench.CSharp($"try {{ {loop} }} catch (Exception) {{ }}"), null, Limited);
        var javaScript = await bench.FailAsync(ScriptBench.JavaScript("\nfor (var i = 0; i < 10; i++)\n  try { context.service.retrieveMultiple('loy_card', ''); } catch (e) { }"), null, Limited);

        Assert.Equal((PluginFailure.ServiceCalls, "plugin.csx(3): more than 3 service calls in one run", 3), (csharp.Failure, csharp.Message, services.Calls.Count));
        Assert.Equal(PluginFailure.ServiceCalls, swallowed.Failure);
        Assert.Equal((PluginFailure.ServiceCalls, "plugin.js(3): more than 3 service calls in one run"), (javaScript.Failure, javaScript.Message));
    }

    [Fact]
    public async Task A_trace_ends_after_ten_thousand_characters()
    {
        var outcome = await bench.RunAsync(ScriptBench.CSharp("for (var i = 0; i < 1000; i++) Context.Trace(new string('x', 99));"));

        Assert.Equal(101, outcome.Trace.Count);
        Assert.StartsWith("(the trace ends here", outcome.Trace[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_that_cannot_cross_the_border_is_an_error_of_the_script()
    {
        var error = await bench.FailAsync(ScriptBench.CSharp("Context.Output[\"x\"] = new { a = 1 };"));
        var large = await bench.FailAsync(ScriptBench.CSharp("Context.Output[\"x\"] = new string('x', 17 * 1024 * 1024);"));

        Assert.Contains("cannot be handed between server and script", error.Message, StringComparison.Ordinal);
        Assert.Contains("exceeds", large.Message, StringComparison.Ordinal);
    }
}
