using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Platform.Engine.Tests.Databases;

/// <summary>
/// Stands between a client and PostgreSQL and cuts all connections after a number of statements, as the server sees it
/// when the client's process is killed: the statement was sent, its answer finds nobody.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly List<Socket> open = [];
    private readonly string folder;
    private readonly int port;
    private readonly Task accepting;
    private int left;

    /// <param name="folder">Folder of the server's socket.</param>
    /// <param name="statements">Statements that pass; the last one's answer does not.</param>
    public CuttingProxy(string folder, int port, int statements)
    {
        (this.folder, this.port, left) = (folder, port, statements);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The number of statements was reached.</summary>
    public bool HasCut => Volatile.Read(ref left) <= 0;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        // Who accepts when nobody listens any more makes a fault of it.
        await accepting;
        listener.Stop();
        CutAll();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(ending.Token);
                // A host that is a folder holds the server's socket.
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint($"{folder}/.s.PGSQL.{port}"), ending.Token);
                lock (open) open.AddRange([client, server]);
                if (HasCut) CutAll();
                _ = ForwardAsync(client, server);
                _ = ReturnAsync(server, client);
            }
        }
        catch (Exception end) when (ending.IsCancellationRequested && end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>Client to server, message by message: a type, four bytes of length, the rest. The first message has no type.</summary>
    private async Task ForwardAsync(Socket client, Socket server)
    {
        try
        {
            var first = true;
            while (true)
            {
                var head = await ReadAsync(client, first ? 4 : 5);
                var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(first ? 0 : 1)) - 4;
                var message = (byte[])[.. head, .. await ReadAsync(client, length)];
                await server.SendAsync(message);
                // Query and Execute; the rest prepares them.
                var isStatement = !first && head[0] is (byte)'Q' or (byte)'E' && !first;
                first = false;
                if (!isStatement || Interlocked.Decrement(ref left) > 0) continue;
                // The server works on what it has got before it learns that nobody listens.
                if (head[0] == (byte)'E') await server.SendAsync(new byte[] { (byte)'S', 0, 0, 0, 4 });
                await Task.Delay(20);
                CutAll();
                return;
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            Close(client, server);
        }
    }

    private static async Task ReturnAsync(Socket server, Socket client)
    {
        var buffer = new byte[16384];
        try
        {
            while (await server.ReceiveAsync(buffer) is > 0 and var count) await client.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The other side is gone.
        }

        Close(client, server);
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(at));
            if (read == 0) throw new EndOfStreamException();
            at += read;
        }

        return buffer;
    }

    private void CutAll()
    {
        lock (open) Close([.. open]);
    }

    private static void Close(params Socket[] sockets)
    {
        foreach (var socket in sockets)
        {
            try
            {
                // Closing alone would wait for the reads that are under way.
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The other side was faster.
            }

            socket.Dispose();
        }
    }
}
