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
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ReceiveTimeout = PatienceMs;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            using var stream = new NetworkStream(socket);
            JsonSerializer.Serialize(stream, new ControlRequest(words), ControlJson.Default.ControlRequest);
            stream.WriteByte((byte)'\n');
            return JsonSerializer.Deserialize(stream, ControlJson.Default.ControlAnswer)
                ?? new ControlAnswer(1, "", "the daemon gave no answer");
        }
        catch (ArgumentOutOfRangeException)
        {
            return new ControlAnswer(1, "", $"no xdplvs answers at {path}: no socket can have so long a path");
        }
        catch (SocketException error)
        {
            return new ControlAnswer(1, "", $"no xdplvs answers at {path}: {error.Message}; is it running (as root)?");
        }
        catch (JsonException)
        {
            return new ControlAnswer(1, "", $"the daemon at {path} was too busy to answer in time; ask again");
        }
        catch (IOException error)
        {
            return new ControlAnswer(1, "", $"the daemon at {path} did not answer: {error.Message}");
        }
    }
}
