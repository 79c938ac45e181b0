using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

public sealed class CompilationTests(ScriptBench bench) : IClassFixture<ScriptBench>
{
    [Fact]
    public async Task Errors_of_csharp_carry_file_line_and_column()
    {
        var errors = await bench.RefusalsAsync(ScriptBench.CSharp("var a = 1;\nvar b = missing + a;\n  Context.Nothing();"));

        Assert.Equal([("entities/loy_transaction/plugin.csx", 2, 9), ("entities/loy_transaction/plugin.csx", 3, 11)], errors.Select(error => (error.File, error.Line, error.Column)));
        Assert.Contains("'missing' does not exist", errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.IO.File.ReadAllText(\"x\");", "Context.Service")]
    [InlineData("using System.IO;\nFile.Delete(\"x\");", "Context.Service")]
    [InlineData("Environment.Exit(1);", "Context.Config")]
    [InlineData("System.Diagnostics.Process.Start(\"x\");", "process")]
    [InlineData("new System.Threading.Thread(() => { }).Start();", "asynchronous step")]
    [InlineData("System.Threading.Tasks.Task.Run(() => 1);", "asynchronous step")]
    [InlineData("var t = \"\".GetType();", "pattern")]
    [InlineData("var t = typeof(string).Assembly;", "pattern")]
    [InlineData("Activator.CreateInstance(null);", "new")]
    [InlineData("unsafe { int* p = null; }", "safely")]
    [InlineData("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();", "Native")]
    [InlineData("#r \"System.Net.Http\"\nvar a = 1;", "allowed part")]
    [InlineData("#load \"other.csx\"\nvar a = 1;", "into the script")]
    [InlineData("dynamic d = 1; d.Foo();", "Get<T>")]
    [InlineData("var now = DateTime.UtcNow;", "Context.Now")]
    [InlineData("Console.WriteLine(1);", "Context.Trace")]
    [InlineData("await System.Threading.Tasks.Task.Yield();", "synchronous")]
    [InlineData("class C { }", "tuples")]
    [InlineData("var s = new string[] { \"a\" }.AsParallel().Count();", "one thread")]
    [InlineData("Func<string> f = System.IO.Path.GetTempFileName;", "Context.Service")]
    [InlineData("System.GC.Collect();", "limit")]
    [InlineData("var x = new Platform.Sandbox.WorkerPluginHost();", "Context")]
    [InlineData("var r = new System.Text.RegularExpressions.Regex(\"a\", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromDays(1));", "250 ms")]
    public async Task What_a_script_may_not_use_is_refused_with_what_to_use_instead(string script, string hint)
    {
        var errors = await bench.RefusalsAsync(ScriptBench.CSharp(script));

        Assert.Contains(errors, error => error.Line == script.Split('\n').Length - (script.StartsWith('#') ? 1 : 0) && error.Hint?.Contains(hint, StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("var d = new Dictionary<string, int> { [\"a\"] = 1 }; foreach (var (k, v) in d) Context.Trace($\"{k,5}{v:000}\");")]
    [InlineData("var q = from n in new[] { 3, 1, 2 } where n > 1 orderby n descending select new { n, Half = n / 2m }; Context.Trace(string.Join(\",\", q.Select(x => x.Half)));")]
    [InlineData("(int a, string b) F(int? n) => n is { } v ? (v, \"x\") : (0, null); var (p, _) = F(2); Context.Trace(p.ToString());")]
    [InlineData("using System.Text;\nvar b = new StringBuilder(); for (var i = 0; i < 3; i++) b.Append(i).AppendLine(); Context.Trace(b.ToString());")]
    [InlineData("var s = Context.Target.Get<string>(\"x\") switch { null => \"none\", \"a\" or \"b\" => \"ab\", { Length: > 3 } t => t[..3], _ => \"?\" }; Context.Trace(s);")]
    [InlineData("try { decimal.Parse(\"x\"); } catch (FormatException e) when (e.Message.Length > 0) { Context.Trace(\"caught\"); } finally { }")]
    [InlineData("var list = new List<decimal> { 1.1m, 2.2m }; list.Sort((x, y) => y.CompareTo(x)); Context.Trace(Math.Round(list.Average(), 1, MidpointRounding.AwayFromZero).ToString(System.Globalization.CultureInfo.InvariantCulture));")]
    [InlineData("IEnumerable<int> Count() { for (var i = 0; i < 3; i++) yield return i; } Context.Trace(Count().Sum().ToString());")]
    [InlineData("Func<int, int> square = x => x * x; Action<string> say = Context.Trace; say(square(4).ToString()); if (true) return;")]
    [InlineData("Context.Trace(System.Text.RegularExpressions.Regex.Replace(\"a1b2\", \"[0-9]\", m => $\"<{m.Value}>\")); Context.Trace(Context.Now.AddDays(1).DayOfWeek.ToString());")]
    [InlineData("int[] a = [1, 2, 3]; List<int> l = [.. a, 4]; Context.Trace(l[^1].ToString() + a[1..].Length); var g = Context.Stage == PluginStage.PreOperation ? Guid.Empty : new Guid(); Context.Trace($\"{g:N}\");")]
    [InlineData("var byCity = new[] { (City: \"A\", N: 1), (City: \"B\", N: 2) }.GroupBy(x => x.City).ToDictionary(x => x.Key, x => x.Sum(y => y.N)); Context.Trace(byCity.TryGetValue(\"B\", out var b) ? b.ToString() : \"\");")]
    public async Task Honest_csharp_compiles_and_runs(string script)
    {
        var outcome = await bench.RunAsync(ScriptBench.CSharp(script));

        Assert.NotEmpty(outcome.Trace);
    }

    [Theory]
    [InlineData("var a = 1;\n  var f = x => x;", 2, 13, "function (x)")]
    [InlineData("var a = b ?? 1;", 1, 11, "!== null")]
    [InlineData("var a = b?.c;", 1, 10, "a && a.b")]
    [InlineData("f(...list);", 1, 3, "concat")]
    [InlineData("const { a } = b;", 1, 1, "one by one")]
    [InlineData("async function f() { await x; }", 1, 1, "synchronous")]
    [InlineData("var x = a | 0;", 1, 11, "Math.floor")]
    [InlineData("eval('1');", 1, 1, "from text")]
    [InlineData("new Function('return 1')();", 1, 5, "from text")]
    [InlineData("import x from 'y';", 1, 1, "stands alone")]
    [InlineData("var a = 1;\n\nvar b = (1;", 3, 11, "ECMAScript 5")]
    [InlineData("var t = `${a | 1}`;", 1, 14, "Math.floor")]
    [InlineData("console.log(1);", 1, 1, "context.trace")]
    public async Task JavaScript_that_the_engine_cannot_take_is_refused_with_position_and_hint(string script, int line, int column, string hint)
    {
        var error = (await bench.RefusalsAsync(ScriptBench.JavaScript(script)))[0];

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var a = '=>', b = \"?.\", c = /[|&]=>/g; // => ...\n/* ?? */ context.trace(a + b + c.source);")]
    [InlineData("var o = { class: 1, with: 2 }; context.trace(String(o.class + o.with));")]
    [InlineData("var a = 8, g = 2, b = a / g / 2; context.trace(String(b) + (a ?.5 : 1));")]
    [InlineData("let a = 1; const b = 2; for (let i of [1, 2]) { a += i; } context.trace(`sum ${a + b}`);")]
    [InlineData("if (true) { context.trace('early'); return; }\ncontext.trace('late');")]
    public async Task JavaScript_that_only_looks_modern_runs(string script)
    {
        Assert.Single((await bench.RunAsync(ScriptBench.JavaScript(script))).Trace);
    }

    [Theory]
    [InlineData("(function () { }).constructor('return 1')()")]
    [InlineData("[].map.constructor('return 1')()")]
    [InlineData("Reflect.construct((function () { }).constructor, ['return 1'])")]
    [InlineData("this['ev' + 'al']('1')")]
    [InlineData("Object.getPrototypeOf(function () { }).constructor('return 1')()")]
    public async Task JavaScript_cannot_make_code_from_text(string expression)
    {
        Assert.Equal(PluginFailure.Error, (await bench.FailAsync(ScriptBench.JavaScript($"context.trace(String({expression}));"))).Failure);
    }

    [Fact]
    public async Task Equal_scripts_have_equal_keys_and_different_ones_do_not()
    {
        var one = await bench.Host.CompileAsync(ScriptBench.CSharp("var a = 1;"), CancellationToken.None);
        var same = await bench.Host.CompileAsync(ScriptBench.CSharp("var a = 1;"), CancellationToken.None);
        var other = await bench.Host.CompileAsync(ScriptBench.CSharp("var a = 2;"), CancellationToken.None);

        Assert.Equal(one.Key, same.Key);
        Assert.Equal(one.Code.ToArray(), same.Code.ToArray());
        Assert.NotEqual(one.Key, other.Key);
        Assert.Matches("^[0-9a-f]{64}$", one.Key);
    }
}
