using System.Diagnostics;
using System.Net.Sockets;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Engine.Tests.Metadata;

public sealed class PackReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pack");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Metadata_and_scripts_are_read_and_the_rest_stays_out()
    {
        Write("pack.json", "\uFEFF{}");
        Write("README.md", "…");
        Write("tests/first.json", "{}");
        Write(".git/config.json", "{}");
        Write("entities/a/entity.json", "{ \"title\": \"가\" }");
        Write("entities/a/run.csx", "1");
        Write("entities/a/run.js", "2");
        Write("entities/a/picture.png", "3");
        Write("LICENSE", "4");

        var pack = await PackReader.ReadAsync(folder.FullName + "/", default);

        Assert.Equal(folder.FullName, pack.Origin);
        Assert.Equal(["entities/a/entity.json", "entities/a/run.csx", "entities/a/run.js", "pack.json"], pack.Files.Keys);
        Assert.Equal("{}", pack.Files["pack.json"]);
        Assert.Equal("{ \"title\": \"가\" }", pack.Files["entities/a/entity.json"]);
    }

    [Fact]
    public async Task Files_that_cannot_be_read_are_reported_all_at_once()
    {
        var outside = Path.GetTempFileName();
        Write("pack.json", "{}");
        Write("data/10-big.json", new string(' ', PackReader.LargestFile + 1));
        File.WriteAllBytes(Path.Combine(folder.FullName, "latin.json"), [(byte)'"', 0xE9, (byte)'"']);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "outside.json"), outside);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "inside.json"), Path.Combine(folder.FullName, "pack.json"));
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "nowhere.json"), Path.Combine(folder.FullName, "none.json"));
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "roles"), Path.GetTempPath());

        var refused = await Assert.ThrowsAsync<MetadataException>(() => PackReader.ReadAsync(folder.FullName, default));

        File.Delete(outside);
        Assert.Equal(
            ["data/10-big.json", "latin.json", "nowhere.json", "outside.json", "roles"],
            refused.Errors.Select(error => Path.GetRelativePath(folder.FullName, error.File)));
        Assert.All(refused.Errors, error => Assert.NotEmpty(error.Hint));
    }

    [Fact]
    public async Task Files_without_a_place_pipes_and_links_in_circles_are_refused_by_name_and_none_is_waited_for()
    {
        Write("pack.json", "{}");
        Write("foo.txt", "…");
        Write("entities/a/entity.json~", "{}");
        Write("entities/a/empty.csx", "");
        Process.Start("mkfifo", [Path.Combine(folder.FullName, "pipe.json")]).WaitForExit();
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "circle.json"), Path.Combine(folder.FullName, "circle.json"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "socket.js")));

        var refused = await Assert.ThrowsAsync<MetadataException>(() => PackReader.ReadAsync(folder.FullName, default).WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal(
            ["circle.json", "entities/a/empty.csx", "entities/a/entity.json~", "foo.txt", "pipe.json", "socket.js"],
            refused.Errors.Select(error => Path.GetRelativePath(folder.FullName, error.File)));
        Assert.All(refused.Errors, error => Assert.NotEmpty(error.Hint));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_an_error_that_names_it()
    {
        var missing = Path.Combine(folder.FullName, "none");

        var refused = await Assert.ThrowsAsync<MetadataException>(() => PackReader.ReadAsync(missing, default));

        Assert.Equal(missing, Assert.Single(refused.Errors).File);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
