using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Director.Commands;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tools.Capture;
using XdpLvs.Forwarder.Rings;
using Xunit;
using static XdpLvs.Director.Tests.Tools.Replayed;

namespace XdpLvs.Director.Tests.Tools;

/// <summary>
/// The command at one end of the socket, the daemon's service at the other; a test plays the workers.
/// </summary>
public sealed class CaptureTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-capture-").FullName;
    private readonly TapPoint[] _workers = [new TapPoint(), new TapPoint()];
    private readonly StringWriter _said = new();
    private ControlSocket? _daemon;

    public CaptureTests() =>
        Assert.SkipUnless(NativeLibrary.TryLoad("libpcap.so.0.8", out _), "libpcap is not installed");

    private string SocketPath => Path.Combine(_folder, "control.sock");

    private string Output => Path.Combine(_folder, "out.pcap");

    private CaptureOptions Options => new(SocketPath, "eth0", Output, "", null, In: true, Out: true);

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _said.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Writes_what_comes_in_and_goes_out_at_every_worker_until_there_is_enough()
    {
        StartDaemon();
        Task<int> capture = CaptureAsync(Options with { Count = 4 });
        await AttachedAsync();

        Show(_workers[0], ToWeb.Tcp(0), isSent: true);
        Show(_workers[1], ToDns.Udp(), isSent: true);

        Assert.Equal(0, await capture.WaitAsync(Patience, Stop));
        Assert.Equal(
            [Convert.ToHexString(ToWeb.Tcp(0)), Convert.ToHexString(ToDns.Udp())],
            PcapFile.Read(Output).Select(frame => Convert.ToHexString(frame.Octets)).Distinct().Order().Reverse());
        Assert.Equal(4, PcapFile.Read(Output).Count);
        Assert.Contains("4 frames written, 0 lost", _said.ToString(), StringComparison.Ordinal);
        Assert.All(_workers, worker => Assert.Null(worker.Current)); // nobody watches any more
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Shows_one_way_only_if_asked(bool comesIn, bool goesOut)
    {
        StartDaemon();
        Task<int> capture = CaptureAsync(Options with { Count = 2, In = comesIn, Out = goesOut });
        await AttachedAsync();

        Show(_workers[0], ToWeb.Tcp(0), isSent: true);
        Show(_workers[0], ToDns.Udp(), isSent: false);
        Show(_workers[0], ToDns.Udp(), isSent: true);

        Assert.Equal(0, await capture.WaitAsync(Patience, Stop));
        byte[] second = PcapFile.Read(Output)[1].Octets;
        Assert.Equal(ToDns.Udp(), second);
    }

    [Fact]
    public async Task Writes_only_what_the_filter_lets_through()
    {
        StartDaemon();
        Task<int> capture = CaptureAsync(Options with { Count = 2, Filter = "udp and dst port 53" });
        await AttachedAsync();

        Show(_workers[0], ToWeb.Tcp(0), isSent: true);
        Show(_workers[0], ToDns.Udp(), isSent: true);

        Assert.Equal(0, await capture.WaitAsync(Patience, Stop));
        Assert.All(PcapFile.Read(Output), frame => Assert.Equal(ToDns.Udp(), frame.Octets));
    }

    [Fact]
    public async Task A_filter_that_is_none_is_refused_before_anything_starts()
    {
        Assert.Equal(1, await CaptureAsync(Options with { Filter = "port port" })); // there is not even a daemon

        Assert.Contains("filter 'port port': ", _said.ToString(), StringComparison.Ordinal);
        Assert.Contains("syntax error", _said.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public async Task Frames_that_were_lost_are_counted()
    {
        StartDaemon();
        Task<int> capture = CaptureAsync(Options with { Count = 1000 });
        await AttachedAsync();

        byte[] frame = new byte[60_000];
        for (int i = 0; i < 500 && !capture.IsCompleted; i++)
        {
            Show(_workers[0], frame, isSent: true); // far more than the ring holds, faster than it is read
        }

        while (!capture.IsCompleted)
        {
            Show(_workers[0], frame, isSent: false);
            await Task.Delay(1, Stop);
        }

        Assert.Equal(0, await capture);
        Assert.Matches("1000 frames written, [1-9][0-9]* lost", _said.ToString());
    }

    [Fact]
    public async Task A_second_capture_of_the_same_interface_is_refused()
    {
        StartDaemon();
        Task<int> first = CaptureAsync(Options with { Count = 1 });
        await AttachedAsync();

        using var said = new StringWriter();
        using var second = new CaptureCommand(Options with { Output = Output + "2" }, said);
        Assert.Equal(1, await second.RunAsync());
        Assert.Contains("another capture of eth0 is going on", said.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Output + "2"));

        Show(_workers[1], ToWeb.Tcp(0), isSent: false);
        Assert.Equal(0, await first.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task What_was_captured_is_kept_when_the_daemon_ends()
    {
        StartDaemon();
        Task<int> capture = CaptureAsync(Options);
        await AttachedAsync();
        Show(_workers[0], ToWeb.Tcp(0), isSent: true);
        await UntilAsync(() => _workers[0].Current is TapRing ring && !ring.TryPeek(out _));

        await _daemon!.DisposeAsync();
        _daemon = null;

        Assert.Equal(1, await capture.WaitAsync(Patience, Stop));
        Assert.Equal(2, PcapFile.Read(Output).Count);
        Assert.Contains("2 frames written", _said.ToString(), StringComparison.Ordinal);
        Assert.Contains("the daemon ended before the capture did", _said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_goes_away_leaves_no_tap()
    {
        StartDaemon();
        using (Socket peer = ControlClient.Send(SocketPath, [ControlSocket.StreamVerb, "eth0"]))
        {
            await AttachedAsync();
        }

        await UntilAsync(() =>
        {
            Show(_workers[0], ToWeb.Tcp(0), isSent: false); // frames go on coming
            return _workers.All(worker => worker.Current is null);
        });
    }

    [Fact]
    public async Task No_daemon_is_a_clear_answer()
    {
        Assert.Equal(1, await CaptureAsync(Options));
        Assert.Contains($"no xdplvs answers at {SocketPath}", _said.ToString(), StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Patience);
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <summary>What a worker does with a frame while somebody watches.</summary>
    private static void Show(TapPoint worker, byte[] frame, bool isSent)
    {
        if (worker.Current is { } tap)
        {
            tap.Begin();
            tap.Arrived(frame);
            tap.Leaving(frame);
            tap.Left(isSent ? 1 : 0);
        }
    }

    private void StartDaemon()
    {
        _daemon = ControlSocket.Bind(SocketPath);
        var service = new CaptureService([], TimeProvider.System);
        _daemon.Serve(
            (_, _) => Task.FromResult(new ControlAnswer(0, "", "")),
            (request, peer, stop) => service.StreamAsync(_workers, request.Words[1], peer, stop));
    }

    private async Task<int> CaptureAsync(CaptureOptions options)
    {
        using var command = new CaptureCommand(options, _said);
        return await Task.Run(command.RunAsync, Stop);
    }

    private Task AttachedAsync() => UntilAsync(() => _workers.All(worker => worker.Current is not null));
}
