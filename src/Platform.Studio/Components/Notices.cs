namespace Platform.Studio.Components;

/// <summary>A short message over the page.</summary>
/// <param name="Kind"><c>success</c>, <c>info</c>, <c>warning</c> or <c>error</c>.</param>
public sealed record Notice(Guid Id, string Kind, string Text);

/// <summary>Messages that outlive the page which caused them (a record was deleted, the list opens).</summary>
public sealed class Notices
{
    private readonly List<Notice> open = [];

    public event Action? Changed;

    public IReadOnlyList<Notice> Open => open;

    /// <summary>Shows a message; one that says the same gives way to it.</summary>
    public void Show(string kind, string text)
    {
        open.RemoveAll(notice => notice.Kind == kind && notice.Text == text);
        open.Add(new Notice(Guid.CreateVersion7(), kind, text));
        Changed?.Invoke();
    }

    public void Close(Guid id)
    {
        open.RemoveAll(notice => notice.Id == id);
        Changed?.Invoke();
    }
}
