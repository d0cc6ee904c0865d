using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>The site with servers and without a director: each test starts its own.</summary>
public sealed class UpheavalLab() : TrafficLab("xdp", 1)
{
    /// <summary>A port on the real servers that listens while they are to be taken for healthy.</summary>
    private const int HealthPort = 8081;

    private readonly Dictionary<string, Socket> _healthy = [];

    /// <summary>What stands in the block of a real server whose health tests decide.</summary>
    internal static string Checked { get; } =
        $"TCP_CHECK {{\n connect_port {HealthPort}\n connect_timeout 1\n retry 0\n delay_before_retry 1\n }}";

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        if (CanRun)
        {
            Build();
            await Servers.StartWebAsync(Network, "rs1", "rs2", "rs3");
            TrafficServers.StartEcho(Network, "rs1", "rs2");
        }
    }

    /// <summary>These hosts are healthy, all others not.</summary>
    internal void Heal(params string[] hosts)
    {
        foreach ((string host, Socket listener) in _healthy.Where(each => !hosts.Contains(each.Key)).ToArray())
        {
            listener.Dispose();
            _healthy.Remove(host);
        }

        foreach (string host in hosts.Where(host => !_healthy.ContainsKey(host)))
        {
            _healthy[host] = Wires.Listen(this[host], HealthPort);
        }
    }
}

/// <summary>A web client that keeps its connection.</summary>
internal sealed class LastingConnection(Socket socket) : IDisposable
{
    private static readonly string[] s_ends = ["rs1\n", "rs2\n", "rs3\n"];

    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Connects from the site's client.</summary>
    public static async Task<LastingConnection> OpenAsync(TrafficLab lab, string family, int port) =>
        new(await Wires.ConnectAsync(lab["client"], family, port));

    /// <summary>Asks for the server's name.</summary>
    /// <returns>The name; or the socket error by which the connection ended, or "no answer".</returns>
    public async Task<string> AskAsync()
    {
        using CancellationTokenSource limit = Wires.Limit();
        try
        {
            _ = await socket.SendAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: vip\r\n\r\n"), limit.Token);
            string answer = "";
            while (!s_ends.Any(end => answer.EndsWith(end, StringComparison.Ordinal)))
            {
                int read = await socket.ReceiveAsync(_buffer, limit.Token);
                if (read == 0)
                {
                    return "closed";
                }

                answer += Encoding.ASCII.GetString(_buffer, 0, read);
            }

            return answer[^4..^1];
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode.ToString();
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
