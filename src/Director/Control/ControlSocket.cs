using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Director.Control;

/// <summary>
/// The unix socket through which commands talk to the running daemon. Only its owner may open it (0600).
/// </summary>
public sealed class ControlSocket : IAsyncDisposable
{
    /// <summary>Where it is unless the operator says otherwise.</summary>
    public const string DefaultPath = "/run/xdplvs/control.sock";

    /// <summary>Begins a request that is answered with a stream.</summary>
    public const string StreamVerb = "capture";

    private const int Backlog = 16, RequestOctetsMax = 64 * 1024;
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(15);

    private readonly string _path;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;
    private Func<ControlRequest, Stream, CancellationToken, Task>? _stream;

    private ControlSocket(string path, Socket listener)
    {
        _path = path;
        _listener = listener;
    }

    /// <summary>Where the daemon's socket is when no option says it: $XDPLVS_CONTROL, or the usual place.</summary>
    public static string PathFromEnvironment() =>
        Environment.GetEnvironmentVariable("XDPLVS_CONTROL") is { Length: > 0 } path ? path : DefaultPath;

    /// <summary>Binds the socket; a stale one, whose daemon is gone, is replaced.</summary>
    /// <exception cref="IOException">Another daemon answers there, or the path cannot be used.</exception>
    public static ControlSocket Bind(string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            MakeFolder(path);
            RemoveStale(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // before listen: no gap
            listener.Listen(Backlog);
            return new ControlSocket(path, listener);
        }
        catch (ArgumentOutOfRangeException error)
        {
            listener.Dispose();
            throw new IOException($"control socket {path}: the path is too long, the kernel takes 107 octets", error);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            listener.Dispose();
            throw new IOException($"control socket {path}: {error.Message}", error);
        }
    }

    /// <summary>Answers requests until disposed; each on its own, none waits for another.</summary>
    /// <param name="answer">Answers at once.</param>
    /// <param name="stream">Takes over the connections whose request begins with <see cref="StreamVerb"/>: it answers
    /// and goes on for as long as it likes.</param>
    public void Serve(
        Func<ControlRequest, CancellationToken, Task<ControlAnswer>> answer,
        Func<ControlRequest, Stream, CancellationToken, Task>? stream = null)
    {
        _stream = stream;
        _serving = Task.Run(() => AcceptAsync(answer));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _serving.ConfigureAwait(false);
        File.Delete(_path);
        _stop.Dispose();
    }

    private static void MakeFolder(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path); // nobody listens: its daemon was killed
            return;
        }

        throw new IOException("another xdplvs is running and answers there");
    }

    private async Task AcceptAsync(Func<ControlRequest, CancellationToken, Task<ControlAnswer>> answer)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket peer = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                _ = TalkAsync(peer, answer);
            }
            catch (Exception error) when (error is OperationCanceledException
                or ObjectDisposedException or SocketException)
            {
                // stopping, or a peer that left before it was accepted: the loop's condition knows which
            }
        }
    }

    private async Task TalkAsync(Socket peer, Func<ControlRequest, CancellationToken, Task<ControlAnswer>> answer)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(PatienceMax);
        using var stream = new NetworkStream(peer, ownsSocket: true);
        try
        {
            string line = await ReadLineAsync(stream, patience.Token).ConfigureAwait(false);
            ControlRequest? request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest);
            if (request is { Words: [StreamVerb, ..] } && _stream is not null)
            {
                await _stream(request, stream, _stop.Token).ConfigureAwait(false);
                return;
            }

            ControlAnswer reply = request is { Words.Length: > 0 }
                ? await answer(request, patience.Token).ConfigureAwait(false)
                : new ControlAnswer(2, "", "the request holds no words");
            byte[] octets = JsonSerializer.SerializeToUtf8Bytes(reply, ControlJson.Default.ControlAnswer);
            await stream.WriteAsync(octets, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or JsonException or OperationCanceledException)
        {
            // a peer that sends nonsense, too much, or nothing gets its connection closed
        }
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream, CancellationToken stop)
    {
        byte[] buffer = new byte[RequestOctetsMax];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), stop).ConfigureAwait(false);
            int end = Array.IndexOf(buffer, (byte)'\n', length, read);
            length += read;
            if (end >= 0 || read == 0)
            {
                return System.Text.Encoding.UTF8.GetString(buffer, 0, end >= 0 ? end : length);
            }
        }

        throw new IOException("request too long");
    }
}
