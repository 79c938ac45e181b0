namespace Platform.Engine.Tests;

/// <summary>Finds the files of the repository from wherever the tests run.</summary>
internal static class RepositoryRoot
{
    /// <summary>Folder that holds <c>Platform.sln</c>.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Platform.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("No Platform.sln above " + AppContext.BaseDirectory);
    }
}
