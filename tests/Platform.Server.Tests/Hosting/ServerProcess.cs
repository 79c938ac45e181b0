using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Platform.Server.Start;

namespace Platform.Server.Tests.Hosting;

/// <summary>The server as its own process, for what only a process can show: options, output, exit codes, a kill.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => this.process = process;

    /// <summary>All lines said so far, on both streams.</summary>
    public string Output
    {
        get
        {
            lock (output) return string.Join(Environment.NewLine, output);
        }
    }

    public int Id => process.Id;

    /// <summary>Starts <c>Platform.Server.dll</c> of the same build as these tests.</summary>
    public static ServerProcess Start(string? adminPassword, params string[] arguments) => Start(adminPassword, arguments, []);

    /// <summary>The same with environment variables.</summary>
    public static ServerProcess Start(string? adminPassword, string[] arguments, params (string Name, string Value)[] environment)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Platform.Server.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("PLATFORM_ADMIN_PASSWORD");
        if (adminPassword is not null) start.Environment["PLATFORM_ADMIN_PASSWORD"] = adminPassword;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        server.process.OutputDataReceived += (_, line) => server.Say(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Say(line.Data);
        server.process.Exited += (_, _) => server.listening.TrySetException(new InvalidOperationException($"The server ended:{Environment.NewLine}{server.Output}"));
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Its address, once it listens.</summary>
    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The administrator, at the root of the Web API of a server that listens.</summary>
    public async Task<HttpClient> AdministratorAsync()
    {
        var http = new HttpClient { BaseAddress = new Uri(await ListeningAsync(), "/api/data/v9.2/") };
        var form = new FormUrlEncodedContent([new("grant_type", "password"), new("username", FirstAdministrator.UserName), new("password", TestServer.Password)]);
        var token = (await http.AskAsync(HttpMethod.Post, "/connect/token", form)).Demand(HttpStatusCode.OK).Body.GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is closed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an operator stops it.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private void Say(string? line)
    {
        const string address = "Listening on ";
        if (line is null) return;
        lock (output) output.Add(line);
        if (line.StartsWith(address, StringComparison.Ordinal)) listening.TrySetResult(new Uri(line[address.Length..]));
    }
}
