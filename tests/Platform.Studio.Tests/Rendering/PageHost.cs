// Render trees are internal to Blazor, but there is no other way to see what was rendered.
#pragma warning disable BL0006
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Encodings.Web;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;

namespace Platform.Studio.Tests.Rendering;

/// <summary>Renders components with Blazor's own renderer, sends events to what was rendered, and gives the result as a DOM.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly HtmlRoot renderer;

    public PageHost(Action<IServiceCollection> register)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton<IJSRuntime>(new SilentBrowser());
        collection.AddSingleton(TimeProvider.System);
        register(collection);
        services = collection.BuildServiceProvider();
        renderer = new HtmlRoot(services);
    }

    /// <summary>What is shown now.</summary>
    public IElement Page => new HtmlParser().ParseDocument($"<body>{renderer.Html()}</body>").Body!;

    public T Service<T>()
        where T : notnull =>
        services.GetRequiredService<T>();

    public IElement Find(string selector) =>
        Page.QuerySelector(selector) ?? throw new InvalidOperationException($"Nothing matches '{selector}' in:\n{renderer.Html()}");

    public Task ShowAsync<T>(params (string Name, object? Value)[] parameters)
        where T : IComponent =>
        renderer.ShowAsync(builder =>
        {
            builder.OpenComponent<T>(0);
            foreach (var (name, value) in parameters) builder.AddComponentParameter(1, name, value);
            builder.CloseComponent();
        });

    /// <summary>Raises an event; it bubbles to the first element that handles it.</summary>
    public Task RaiseAsync(string selector, string name, EventArgs arguments)
    {
        for (var element = Find(selector); element is not null; element = element.ParentElement)
        {
            if (element.GetAttribute("handler:" + name) is { } id) return renderer.RaiseAsync(ulong.Parse(id, CultureInfo.InvariantCulture), arguments);
        }

        throw new InvalidOperationException($"Nothing handles {name} at '{selector}'.");
    }

    public Task ClickAsync(string selector) => RaiseAsync(selector, "onclick", new MouseEventArgs());

    public async ValueTask DisposeAsync()
    {
        await renderer.DisposeAsync();
        await services.DisposeAsync();
    }

    /// <summary>Takes calls and answers nothing: what scripts do is tested in a browser.</summary>
    private sealed class SilentBrowser : IJSRuntime
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) => new(default(T)!);

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => new(default(T)!);
    }

    private sealed class HtmlRoot(IServiceProvider services) : Renderer(services, NullLoggerFactory.Instance)
    {
        private static readonly HashSet<string> Void = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "use"];
        private Exception? failure;
        private int root;

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        protected override RendererInfo RendererInfo { get; } = new("Test", isInteractive: true);

        public Task ShowAsync(RenderFragment content) => RunAsync(async () =>
        {
            root = AssignRootComponentId(new Root(content));
            await RenderRootComponentAsync(root);
        });

        public Task RaiseAsync(ulong handler, EventArgs arguments) => RunAsync(() => DispatchEventAsync(handler, fieldInfo: null, arguments));

        public string Html()
        {
            var html = new StringBuilder();
            Append(html, root);
            return html.ToString();
        }

        protected override void HandleException(Exception exception) => failure ??= exception;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;

        private async Task RunAsync(Func<Task> work)
        {
            await Dispatcher.InvokeAsync(work);
            if (failure is null) return;
            var thrown = failure;
            failure = null;
            ExceptionDispatchInfo.Throw(thrown);
        }

        private void Append(StringBuilder html, int component)
        {
            var frames = GetCurrentRenderTreeFrames(component);
            Append(html, frames, 0, frames.Count);
        }

        private void Append(StringBuilder html, ArrayRange<RenderTreeFrame> frames, int from, int until)
        {
            for (var at = from; at < until;)
            {
                ref var frame = ref frames.Array[at];
                switch (frame.FrameType)
                {
                    case RenderTreeFrameType.Element:
                        AppendElement(html, frames, at);
                        at += frame.ElementSubtreeLength;
                        break;
                    case RenderTreeFrameType.Component:
                        Append(html, frame.ComponentId);
                        at += frame.ComponentSubtreeLength;
                        break;
                    case RenderTreeFrameType.Region:
                        Append(html, frames, at + 1, at + frame.RegionSubtreeLength);
                        at += frame.RegionSubtreeLength;
                        break;
                    case RenderTreeFrameType.Text:
                        html.Append(HtmlEncoder.Default.Encode(frame.TextContent));
                        at++;
                        break;
                    case RenderTreeFrameType.Markup:
                        html.Append(frame.MarkupContent);
                        at++;
                        break;
                    default:
                        at++;
                        break;
                }
            }
        }

        private void AppendElement(StringBuilder html, ArrayRange<RenderTreeFrame> frames, int at)
        {
            ref var element = ref frames.Array[at];
            var end = at + element.ElementSubtreeLength;
            html.Append('<').Append(element.ElementName);
            for (at++; at < end && frames.Array[at].FrameType == RenderTreeFrameType.Attribute; at++)
            {
                ref var attribute = ref frames.Array[at];
                if (attribute.AttributeEventHandlerId > 0) html.Append(CultureInfo.InvariantCulture, $" handler:{attribute.AttributeName}=\"{attribute.AttributeEventHandlerId}\"");
                else if (attribute.AttributeValue is true) html.Append(' ').Append(attribute.AttributeName);
                else if (attribute.AttributeValue is not (null or false)) html.Append(CultureInfo.InvariantCulture, $" {attribute.AttributeName}=\"{HtmlEncoder.Default.Encode(attribute.AttributeValue.ToString()!)}\"");
            }

            html.Append('>');
            if (Void.Contains(element.ElementName)) return;
            Append(html, frames, at, end);
            html.Append("</").Append(element.ElementName).Append('>');
        }

        private sealed class Root(RenderFragment content) : IComponent
        {
            private RenderHandle handle;

            public void Attach(RenderHandle renderHandle) => handle = renderHandle;

            public Task SetParametersAsync(ParameterView parameters)
            {
                handle.Render(content);
                return Task.CompletedTask;
            }
        }
    }
}
