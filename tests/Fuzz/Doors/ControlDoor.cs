using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tools.Capture;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Fuzz.Doors;

/// <summary>The control socket: whatever is said to it, it answers or closes, and goes on.</summary>
internal sealed class ControlDoor : IFuzzDoor
{
    private const int PatienceMs = 30_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-fuzz-").FullName;
    private readonly TapPoint _worker = new();
    private readonly FlowTables _flows = new(64, 64, new Random(1));
    private readonly IpvsQuestions _questions;
    private readonly ControlSocket _socket;
    private Exception? _unseen;

    internal ControlDoor()
    {
        TaskScheduler.UnobservedTaskException += See;
        var keeper = new TableKeeper(
            [new ServiceSettings(new ServiceKey(0xC0A80564, 80, 6), ServiceOptions.Default, "ens33", [])],
            FlowPolicy.Default,
            _ => { });
        _questions = new IpvsQuestions(keeper, _flows, _ => default);
        _socket = ControlSocket.Bind(SocketPath);
        var captures = new CaptureService([], TimeProvider.System);
        _socket.Serve(
            (request, _) => Task.FromResult(Answer(request.Words)),
            (request, peer, stop) => captures.StreamAsync([_worker], string.Join(' ', request.Words), peer, stop));
    }

    public string Name => "control";

    public int InputsPerMillion => 1_000;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "{\"Words\":[\"counters\"]}\n"u8],
        [.. "{\"Words\":[\"ipvsadm\",\"state\"]}\n"u8],
        [.. "{\"Words\":[\"ipvsadm\",\"connections\"]}\n"u8],
        [.. "{\"Words\":[\"ipvsadm\",\"zero\",\"6\",\"192.168.5.100\",\"80\"]}\n"u8],
        [.. "{\"Words\":[\"ipvsadm\",\"set\",\"900\",\"120\",\"300\"]}\n"u8],
        [.. "{\"Words\":[\"capture\",\"ens33\"]}\n"u8],
        [.. "{\"Words\":[]}\n"u8],
    ];

    private string SocketPath => Path.Combine(_folder, "control.sock");

    public string Feed(byte[] input)
    {
        using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        peer.ReceiveTimeout = PatienceMs;
        peer.Connect(new UnixDomainSocketEndPoint(SocketPath));
        peer.Send(input);
        peer.Shutdown(SocketShutdown.Send);
        byte[] answer = new byte[64 * 1024];
        int length = 0, read;
        while ((read = peer.Receive(answer.AsSpan(length))) > 0)
        {
            length += read;
        }

        if (_unseen is { } unseen)
        {
            throw new BrokenRuleException($"a task of the socket failed and nobody saw it: {unseen}");
        }

        return length == 0 ? "closed" : answer[0] == '{' ? "answered" : throw new BrokenRuleException("no JSON");
    }

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= See;
        _socket.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _flows.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>As the director's loop does.</summary>
    private ControlAnswer Answer(string[] words) => words is ["ipvsadm", .. var question]
        ? _questions.Answer(question, now: 1)
        : new ControlAnswer(0, string.Join(' ', words), "");

    private void See(object? sender, UnobservedTaskExceptionEventArgs unseen) =>
        Interlocked.CompareExchange(ref _unseen, unseen.Exception, null);
}
