using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Platform.Engine.Tests.Databases;

/// <summary>
/// A private PostgreSQL server of this test run: started on first use, on a Unix socket in its own folder, gone with
/// the process. Each test makes a database of its own in it.
/// </summary>
/// <remarks>
/// A shell stands between the test process and the server and waits for the end of its standard input. So the server
/// stops and its folder goes away however the test process ends, even when it is killed. Sorting is ICU's
/// <c>en-US</c>, as in an ordinary installation: SQL that forgets to say <c>COLLATE "C"</c> fails here.
/// </remarks>
public sealed class PostgreSqlCluster
{
    private const string Script =
        """
        dir=$(mktemp -d "${TMPDIR:-/tmp}/platform-pg.XXXXXX") || exit 1
        chmod 711 "$dir"
        if ! "$1/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --locale-provider=icu --icu-locale=en-US --no-sync >"$dir/log" 2>&1
        then cat "$dir/log"; rm -rf "$dir"; exit 1
        fi
        "$1/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=200 -c fsync=off >"$dir/log" 2>&1 &
        server=$!
        until "$1/pg_isready" -q -h "$dir"
        do kill -0 $server 2>/dev/null || { cat "$dir/log"; rm -rf "$dir"; exit 1; }
           sleep 0.05
        done
        echo "ready $dir"
        read -r _
        kill -INT $server
        wait $server
        rm -rf "$dir"
        """;

    private static readonly Lazy<Task<PostgreSqlCluster>> Shared = new(StartAsync);

    private readonly string socketFolder;
    private int databases;

    private PostgreSqlCluster(string socketFolder) => this.socketFolder = socketFolder;

    /// <summary>The server of this test run.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed or does not start; the test fails with it, it is not skipped.</exception>
    public static Task<PostgreSqlCluster> SharedAsync() => Shared.Value;

    /// <summary>Makes a database; disposing it drops it.</summary>
    /// <param name="template">A database to copy, to which nobody may be connected; <c>null</c> for an empty one.</param>
    public async Task<PostgreSqlServerDatabase> CreateDatabaseAsync(PostgreSqlServerDatabase? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template?.Name ?? "template1"}");
        return new PostgreSqlServerDatabase(this, name);
    }

    internal string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder { Host = socketFolder, Username = "postgres", Database = database, IncludeErrorDetail = true }.ConnectionString;

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringOf("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgreSqlCluster> StartAsync()
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] words = [.. AsOrdinaryUser(), "sh", "-c", Script, "sh", FindBinaries()];
        start.FileName = words[0];
        foreach (var word in words[1..]) start.ArgumentList.Add(word);

        var shell = Process.Start(start)!;
        var said = new List<string>();
        while (await shell.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (!line.StartsWith("ready ", StringComparison.Ordinal)) continue;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(shell);
            return new PostgreSqlCluster(line["ready ".Length..]);
        }

        throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{string.Join(Environment.NewLine, said)}");
    }

    private static void Stop(Process shell)
    {
        shell.StandardInput.Close();
        shell.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>The server refuses to run as root; then it runs as the user that its package brings.</summary>
    private static string[] AsOrdinaryUser() =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "env", "-u", "TMPDIR"] : [];

    private static string FindBinaries()
    {
        const string packages = "/usr/lib/postgresql";
        var versions = Directory.Exists(packages) ? Directory.GetDirectories(packages) : [];
        var newest = versions
            .Select(folder => (Path: Path.Combine(folder, "bin"), Version: int.TryParse(Path.GetFileName(folder), out var version) ? version : 0))
            .Where(found => File.Exists(Path.Combine(found.Path, "initdb")))
            .MaxBy(found => found.Version);
        return newest.Version >= 15
            ? newest.Path
            : throw new InvalidOperationException($"PostgreSQL 15 or newer is not installed under {packages}: run 'apt-get update && apt-get install -y postgresql'. These tests are not skipped without it.");
    }
}

/// <summary>A PostgreSQL database of one test.</summary>
public sealed class PostgreSqlServerDatabase(PostgreSqlCluster cluster, string name) : IAsyncDisposable
{
    internal string Name => name;

    /// <summary>For Npgsql, and for the server's <c>--database</c>.</summary>
    public string ConnectionString { get; } = cluster.ConnectionStringOf(name);

    public async ValueTask DisposeAsync()
    {
        await using (var pool = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(pool);
        await cluster.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }
}
