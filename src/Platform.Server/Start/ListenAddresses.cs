using System.Net;
using System.Net.Sockets;

namespace Platform.Server.Start;

/// <summary>The addresses that the server is to listen on, before it does.</summary>
internal static class ListenAddresses
{
    /// <summary>
    /// Looks whether the server could listen. It does so only once there is something to serve; a first start that ends
    /// there has made up a password by then.
    /// </summary>
    /// <param name="urls">As on the command line, several with <c>;</c>.</param>
    /// <exception cref="IOException">An address is in use, or not to be had.</exception>
    public static void DemandFree(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0) continue;
            var isLocal = address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            foreach (var host in HostsOf(address.Host, isLocal)) DemandFree(url, new IPEndPoint(host, address.Port), isLocal);
        }
    }

    private static void DemandFree(string url, IPEndPoint endpoint, bool isLocal)
    {
        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endpoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new IOException($"The address {url} is already in use.", taken);
        }
        catch (SocketException refused) when (!isLocal)
        {
            throw new IOException($"The server cannot listen on {url}: {refused.Message}.", refused);
        }
        catch (SocketException)
        {
            // Of the two addresses of 'localhost' one is enough; what is wrong with both is said when the server listens.
        }
    }

    private static IPAddress[] HostsOf(string host, bool isLocal)
    {
        if (isLocal) return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return [address];
        // Any name stands for all addresses of the machine, as * does.
        return [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];
    }
}
