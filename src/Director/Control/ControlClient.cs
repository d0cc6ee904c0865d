using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;

namespace XdpLvs.Director.Control;

/// <summary>A command's end of the control socket.</summary>
internal static class ControlClient
{
    private const int PatienceMs = 20_000;

    /// <summary>
    /// Asks the daemon behind a socket. A daemon that is not there is an answer too, with exit code 1.
    /// </summary>
    internal static ControlAnswer Ask(string path, string[] words)
    {
        try
        {
            using Socket socket = Send(path, words);
            using var stream = new NetworkStream(socket);
            return JsonSerializer.Deserialize(stream, ControlJson.Default.ControlAnswer)
                ?? new ControlAnswer(1, "", "the daemon gave no answer");
        }
        catch (Exception error) when (Explain(path, error) is not null)
        {
            return new ControlAnswer(1, "", Explain(path, error)!);
        }
    }

    /// <summary>Connects and asks; the caller reads the answer, and owns the socket.</summary>
    internal static Socket Send(string path, string[] words)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.ReceiveTimeout = PatienceMs;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            JsonSerializer.Serialize(stream, new ControlRequest(words), ControlJson.Default.ControlRequest);
            stream.WriteByte((byte)'\n');
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What went wrong with the socket, for an operator; null when it is something else.</summary>
    internal static string? Explain(string path, Exception error) => error switch
    {
        ArgumentOutOfRangeException => $"no xdplvs answers at {path}: no socket can have so long a path",
        SocketException => $"no xdplvs answers at {path}: {error.Message}; is it running (as root)?",
        JsonException => $"the daemon at {path} was too busy to answer in time; ask again",
        IOException => $"the daemon at {path} did not answer: {error.Message}",
        _ => null,
    };
}
