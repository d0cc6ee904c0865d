using System.Net.Sockets;
using System.Text;

namespace XdpLvs.Checks;

/// <summary>The octets of a GET, as keepalived sends them.</summary>
internal static class HttpRequest
{
    internal static byte[] Write(HttpProbeSettings settings, HttpPage page)
    {
        string address = settings.Connect.Target.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{settings.Connect.Target.Address}]"
            : settings.Connect.Target.Address.ToString();
        string host = page.VirtualHost ?? $"{address}:{settings.Connect.Target.Port}";
        (string version, string end) = settings.Protocol switch
        {
            HttpProtocol.Http10Close => ("1.0", "Connection: close\r\n"),
            HttpProtocol.Http11 => ("1.1", "Connection: close\r\n"),
            HttpProtocol.Http11KeepAlive => ("1.1", "Connection: keep-alive\r\n"),
            _ => ("1.0", ""),
        };
        return Encoding.UTF8.GetBytes(
            $"GET {page.Path} HTTP/{version}\r\nUser-Agent: KeepAliveClient\r\n{end}Host: {host}\r\n\r\n");
    }
}
