using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary>One HTTP GET on one TCP connection, written out: nothing is pooled, nothing is tried twice.</summary>
internal static class HttpRequest
{
    /// <summary>Never throws for what the network does; the result says it.</summary>
    public static async Task<RequestResult> GetAsync(Uri url, TimeSpan timeout, TimeProvider time)
    {
        long start = time.Microseconds();
        (bool ok, string body) = await TryAsync(url, timeout);
        return new RequestResult(ok, body, start, time.Microseconds());
    }

    private static async Task<(bool Ok, string Body)> TryAsync(Uri url, TimeSpan timeout)
    {
        using var ending = new CancellationTokenSource(timeout);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(url.Host), url.Port), ending.Token);
            string request = $"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nConnection: close\r\n\r\n";
            _ = await socket.SendAsync(Encoding.ASCII.GetBytes(request), ending.Token);
            return Understand(await ReadToEndAsync(socket, ending.Token));
        }
        catch (OperationCanceledException)
        {
            return (false, $"no answer within {timeout.TotalMilliseconds:0} ms");
        }
        catch (SocketException refusal)
        {
            return (false, refusal.Message);
        }
    }

    private static async Task<string> ReadToEndAsync(Socket socket, CancellationToken stop)
    {
        using var answer = new MemoryStream();
        byte[] buffer = new byte[4096];
        int received;
        while ((received = await socket.ReceiveAsync(buffer, stop)) > 0)
        {
            answer.Write(buffer, 0, received);
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static (bool Ok, string Body) Understand(string answer)
    {
        int body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        bool whole = body > 0 && answer.StartsWith("HTTP/1.", StringComparison.Ordinal) && answer.Length > 9;
        return whole ? (answer[9] == '2', answer[(body + 4)..].Trim()) : (false, "the answer was cut off");
    }
}
