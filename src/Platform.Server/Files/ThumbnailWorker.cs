using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Platform.Engine.Files;

namespace Platform.Server.Files;

/// <summary>
/// Has small images made by the image worker, a process for each: a decoder that an image brings down takes nothing
/// along, one that runs too long is ended.
/// </summary>
internal sealed class ThumbnailWorker(ILogger<ThumbnailWorker> logger) : IThumbnailMaker, IDisposable
{
    private const byte Made = 0, Ready = 2;
    private const int MostAtOnce = 2;
    private const int LargestThumbnail = 512 * 1024;
    private const long HeapBytes = 160 * 1024 * 1024;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(15);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "image-worker", "Platform.ImageWorker.dll");

    private readonly SemaphoreSlim places = new(MostAtOnce);
    private int told;

    public async Task<byte[]?> MakeAsync(Stream image, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            if (Start() is not { } worker) return null;
            using (worker) return await RunAsync(worker, image, ct);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private async Task<byte[]?> RunAsync(Process worker, Stream image, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestRun);
        try
        {
            var answer = ReadAsync(worker.StandardOutput.BaseStream, limit.Token);
            await SendAsync(worker, image, limit.Token);
            var bytes = await answer;
            // Without the first byte it has not even started, which is not the image's fault.
            if (bytes is not [Ready, ..]) return NotStarted("The image worker ends before it has begun.");
            if (bytes.Length < 3) throw new UnreadableImageException("it cannot be decoded");
            return bytes[1] == Made ? bytes[2..] : throw new UnreadableImageException(Encoding.UTF8.GetString(bytes.AsSpan(2)));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new UnreadableImageException("it takes too long to decode");
        }
        finally
        {
            if (!worker.HasExited) worker.Kill();
        }
    }

    private static async Task SendAsync(Process worker, Stream image, CancellationToken ct)
    {
        try
        {
            await image.CopyToAsync(worker.StandardInput.BaseStream, ct);
            worker.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it had read everything; its answer, or the lack of one, says why.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await output.ReadAsync(buffer, ct)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > LargestThumbnail) throw new UnreadableImageException("it cannot be made smaller");
        }
        return bytes.ToArray();
    }

    /// <returns><c>null</c> where it does not start: then there are no small images, and nothing else is missing.</returns>
    private Process? Start()
    {
        try
        {
            return File.Exists(Program) ? Process.Start(StartInfo()) : throw new FileNotFoundException($"The image worker is missing at '{Program}'.");
        }
        catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception)
        {
            NotStarted(failure.Message);
            return null;
        }
    }

    private byte[]? NotStarted(string reason)
    {
        if (Interlocked.Exchange(ref told, 1) == 0) logger.ImageWorkerMissing(reason);
        return null;
    }

    private static ProcessStartInfo StartInfo()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/: the runtime of this process.
        var muxer = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(muxer, [Program])
        {
            WorkingDirectory = Path.GetPathRoot(Program)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        var root = start.Environment.TryGetValue("SystemRoot", out var system) ? system : null;
        start.Environment.Clear();
        if (root is not null) start.Environment["SystemRoot"] = root;
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x" + HeapBytes.ToString("X", null);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        return start;
    }
}
