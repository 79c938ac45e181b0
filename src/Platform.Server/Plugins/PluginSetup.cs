using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Server.Plugins;

internal static class PluginSetup
{
    /// <summary>Scripts run in worker processes; section <c>Plugins</c> of the configuration says how many and with what.</summary>
    public static void AddPlugins(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Plugins").Get<WorkerPluginHostOptions>() ?? new WorkerPluginHostOptions();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<WorkerPluginHost>();
        builder.Services.AddSingleton<IPluginHost>(services => services.GetRequiredService<WorkerPluginHost>());
        builder.Services.AddHostedService<WorkerWarmUp>();
    }
}
