using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Two routers and a client on a switch, and a tap on the switch that hears every advert.</summary>
/// <remarks>
/// Times are taken from the wire where there is one: from advert to advert, not from the command that caused it.
/// </remarks>
internal sealed class PeerLab : IDisposable
{
    /// <summary>Names of test collections: one test at a time in each of the two, so two at a time.</summary>
    public const string FirstLane = "Peers, first lane", SecondLane = "Peers, second lane";

    /// <summary>How much earlier than in theory something may be seen: the tap's own delay.</summary>
    private const long EarlyUs = 150_000;

    /// <summary>How much later: a busy machine, yet less than one advert interval.</summary>
    private const long LateUs = 700_000;

    private static int _labs;

    private readonly List<PeerRouter> _routers = [];
    private readonly TapProcess _tap;

    /// <summary>Builds it, or skips the test when the peer is not installed.</summary>
    public PeerLab(PeerKind peer)
    {
        PeerTools.Require(peer);
        Network = new LabNetwork($"xlp{Environment.ProcessId}-{Interlocked.Increment(ref _labs)}");
        Folder = Directory.CreateTempSubdirectory("xdplvs-peers-").FullName;
        try
        {
            Network.AddHost("youxi1", "192.168.5.101/24", "00:0c:29:00:00:65");
            Network.AddHost("youxi2", "192.168.5.102/24", "00:0c:29:00:00:66");
            _tap = TapProcess.Start(Network.Switch, Network.Switch.Link, "vrrp,arp");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The hosts and the switch.</summary>
    public LabNetwork Network { get; }

    /// <summary>Configurations, sockets, pid files. Gone with the lab.</summary>
    public string Folder { get; }

    /// <summary>Everything on the wire so far that is an advert or ARP.</summary>
    public IReadOnlyList<CapturedFrame> Frames => _tap.Frames;

    /// <summary>Microseconds of the lab's clock.</summary>
    public static long Now => TimeProvider.System.Microseconds();

    /// <summary>A router to be on a host; not started yet.</summary>
    public PeerRouter Router(string host, PeerKind kind, params PeerInstance[] instances)
    {
        var router = new PeerRouter(this, Network[host], kind, instances);
        _routers.Add(router);
        return router;
    }

    /// <summary>Fails when something took less or more time than theory says, with the margins of this lab.</summary>
    public void Took(string what, long fromUs, long toUs, long theoryUs)
    {
        long took = toUs - fromUs;
        TestContext.Current.SendDiagnosticMessage("{0}: {1} ms, theory {2} ms", what, took / 1000, theoryUs / 1000);
        Assert.True(
            took >= theoryUs - EarlyUs && took <= theoryUs + LateUs,
            $"{what} took {took / 1000} ms, theory says {theoryUs / 1000} ms\n{Story()}");
    }

    /// <summary>The first advert of a router from a moment on.</summary>
    /// <param name="from">Its sender.</param>
    /// <param name="sinceUs">Older ones do not count.</param>
    /// <param name="seconds">How long to wait.</param>
    /// <param name="priority">Only this one; null is the router's own.</param>
    /// <param name="vrid">Only for this one; null is the router's first instance.</param>
    public async Task<CapturedFrame> AdvertAsync(
        PeerRouter from, long sinceUs, double seconds, int? priority = null, int? vrid = null)
    {
        int wanted = priority ?? from.Instance.Priority, id = vrid ?? from.Instance.Vrid;
        CapturedFrame? frame = await _tap.FindAsync(
            frame => frame.Source == from.Host.Address && frame.VrrpId == id && frame.VrrpPriority == wanted,
            TimeSpan.FromSeconds(seconds), sinceUs, TestContext.Current.CancellationToken);
        return frame ?? throw new LabException($"no advert {id} of priority {wanted} from {from}\n{Story()}");
    }

    /// <summary>All adverts of a router from a moment on.</summary>
    public IReadOnlyList<CapturedFrame> Adverts(PeerRouter from, long sinceUs = 0) =>
        [.. Frames.Where(frame => frame.IsVrrp && frame.Us >= sinceUs && frame.Source == from.Host.Address)];

    /// <summary>Waits until a router has sent several adverts more, one interval after the other.</summary>
    public async Task AdvertsPassAsync(PeerRouter from, int count)
    {
        long since = Now;
        for (int i = 0; i < count; i++)
        {
            since = (await AdvertAsync(from, since, from.Instance.Interval + 1.5)).Us + 1;
        }
    }

    /// <summary>Waits until exactly these hold an address.</summary>
    public async Task HoldersAsync(double seconds, string address, params PeerRouter[] wanted)
    {
        string[] names = [.. wanted.Select(router => router.Host.Name).Order()];
        long deadline = Now + (long)(seconds * 1_000_000);
        string[] holders;
        do
        {
            holders = [.. _routers.Select(router => router.Host).Where(host => host.Holds(address))
                .Select(host => host.Name).Order()];
            if (holders.SequenceEqual(names))
            {
                return;
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        while (Now < deadline);
        throw new LabException(
            $"{address} is on [{string.Join(' ', holders)}], not on [{string.Join(' ', names)}]\n{Story()}");
    }

    /// <summary>Starts the stronger and then the weaker, and returns when the stronger has long been master.</summary>
    public async Task<CapturedFrame> SettleAsync(PeerRouter stronger, PeerRouter weaker)
    {
        await stronger.StartAsync();
        await weaker.StartAsync();
        CapturedFrame first = await AdvertAsync(stronger, 0, 6);
        await AdvertsPassAsync(stronger, 2);
        await HoldersAsync(1, PeerInstance.Vip, stronger);
        return first;
    }

    /// <summary>Nothing that is sent to a group reaches these hosts any more, or it does again.</summary>
    /// <remarks>Unicast and broadcast pass all the time: clients reach both.</remarks>
    public void SetDeaf(bool deaf, params PeerRouter[] routers)
    {
        string flood = deaf ? "off" : "on";
        IEnumerable<string> commands = routers.Select(
            router => $"ip link set {router.Host.Port} type bridge_slave mcast_flood {flood}");
        Network.Switch.Exec("sh", "-ec", string.Join("; ", commands)).OrThrow();
    }

    /// <summary>Adverts and logs, for the reader of a failure.</summary>
    public string Story()
    {
        var text = new StringBuilder();
        var lines = Frames.Where(frame => frame.IsVrrp)
            .Select(frame => (frame.Us, Text: $"{frame.Source} advertises {frame.VrrpId} {frame.VrrpPriority}"))
            .Concat(_routers.SelectMany(router => router.LogSoFar()
                .Select(line => (line.Us, Text: $"{router.Host.Name} says {line.Text}"))))
            .OrderBy(line => line.Us).ToList();
        foreach ((long us, string line) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {(us - lines[0].Us) / 1e6,8:0.000} ");
            text.AppendLine(line);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
