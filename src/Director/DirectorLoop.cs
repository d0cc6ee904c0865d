using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Director.Control;
using XdpLvs.Director.Forwarding;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Vrrp;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director;

/// <summary>
/// The one owner of services, real servers and tables. Takes what happened from its channel, all that waits at once,
/// and ends each turn by publishing at most one table for each interface.
/// </summary>
internal sealed class DirectorLoop(
    Channel<DirectorEvent> events,
    TableKeeper keeper,
    RealServerPaths paths,
    ExitBoard exits,
    FlowTables flows,
    FlowTime time,
    IReadOnlyList<ForwarderInterface> interfaces,
    VrrpSpeaker speaker,
    ServiceAnnouncer announcer)
{
    private const int TicksPerQuestion = 3, TicksPerEstimate = RateEstimator.Seconds;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IpAddress, MacAddress> _directors = [];
    private readonly IpvsQuestions _ipvs = new(keeper, flows, real => Sent(interfaces, real));
    private readonly TurnTimes _times = new();
    private uint _ticks;

    /// <summary>The tables with which the daemon starts.</summary>
    internal void PublishFirst()
    {
        paths.LookUpAll();
        Publish();
    }

    /// <summary>Runs until told to stop.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using var clock = new Timer(_ => events.Writer.TryWrite(new TimePassed()), null, Tick, Tick);
        try
        {
            while (await events.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                bool changed = false;
                while (events.Reader.TryRead(out DirectorEvent? happened))
                {
                    changed |= Take(happened);
                }

                if (changed)
                {
                    Publish();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // asked to stop: the owner takes everything down
        }
    }

    /// <summary>Hands a command's question to the loop and waits for its answer.</summary>
    internal async Task<ControlAnswer> AskAsync(ControlRequest request, CancellationToken stop)
    {
        var answer = new TaskCompletionSource<ControlAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await events.Writer.WriteAsync(new Asked(request, answer), stop).ConfigureAwait(false);
        return await answer.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    private bool Take(DirectorEvent happened)
    {
        switch (happened)
        {
            case VerdictGiven verdict:
                HealthChange change = keeper.SetVerdict(verdict.Name, verdict.Report);
                if (verdict.Mail is not null)
                {
                    announcer.MailVerdict(verdict.Name, verdict.Report.IsUp, change, verdict.Mail);
                }

                _times.Heard(verdict.GivenAt);
                return true;
            case NetworkChanged { What: var network }:
                return TakeNetwork(network);
            case PeerHeard peer:
                _directors.TryAdd(peer.Address, default);
                return Learn(peer.LinkIndex, peer.Address);
            case TimePassed:
                return TakeTime();
            case Asked asked:
                asked.Answer.TrySetResult(Answer(asked.Request));
                return asked.Request.Words is ["ipvsadm", "set", ..]; // the next table has the new timeouts
            default:
                return false;
        }
    }

    private bool TakeNetwork(NetworkEvent change)
    {
        switch (change.Kind)
        {
            case NetworkEventKind.Neighbour:
                bool known = _directors.ContainsKey(change.Neighbour.Address) && change.Neighbour.IsUsable;
                if (known)
                {
                    _directors[change.Neighbour.Address] = new MacAddress(change.Neighbour.Mac!.Value);
                }

                return paths.Hear(change.Neighbour) || known;
            case NetworkEventKind.NeighbourGone:
                return false;
            default:
                paths.AskAgain(); // links, addresses and routes decide who can be reached
                return true;
        }
    }

    private bool TakeTime()
    {
        bool changes = keeper.Ramp();
        _ticks++;
        if (_ticks % TicksPerEstimate == 0)
        {
            _ipvs.Estimate();
        }

        if (_ticks % TicksPerQuestion == 0)
        {
            WarnOfLosses();
            changes |= AskAgain();
        }

        return changes;
    }

    private void WarnOfLosses()
    {
        foreach (ForwarderInterface each in interfaces)
        {
            each.WarnOfLosses(time.Now);
        }
    }

    private bool AskAgain()
    {
        if (keeper.RealAddresses.Any(keeper.IsUnresolved))
        {
            paths.AskAgain();
            return true;
        }

        return false;
    }

    private bool Learn(int link, IpAddress director)
    {
        bool found = paths.TryFind(link, director, out MacAddress mac);
        if (found)
        {
            _directors[director] = mac;
        }

        return found;
    }

    private void Publish()
    {
        long began = Clock.NowMicroseconds;
        Neighbour[] directors =
        [
            .. _directors.Where(each => each.Value != default).Select(each => new Neighbour(each.Key, each.Value)),
        ];
        foreach (ForwarderInterface each in interfaces)
        {
            each.Publish(keeper.Build(each.Nic.Name, each.Nic.Mac, directors, path => exits.Find(each, path)));
        }

        _times.Published(began);
    }

    private ControlAnswer Answer(ControlRequest request) => request.Words switch
    {
        ["ipvsadm", .. var question] => _ipvs.Answer(question, time.Now),
        ["counters"] => Fine(Counters()),
        ["show", "program", .. var names] => ShowPrograms(names),
        _ => new ControlAnswer(ExitCode.Usage, "", $"the daemon does not know '{string.Join(' ', request.Words)}'"),
    };

    private static TrafficCounts Sent(IReadOnlyList<ForwarderInterface> interfaces, ushort real)
    {
        TrafficCounts sent = default;
        foreach (ForwarderInterface each in interfaces)
        {
            sent += each.Sent(real);
        }

        return sent;
    }

    private ControlAnswer ShowPrograms(string[] names)
    {
        var text = new StringBuilder();
        foreach (ForwarderInterface each in interfaces)
        {
            if (names.Length == 0 || names.Contains(each.Nic.Name))
            {
                text.Append(each.DescribeProgram());
            }
        }

        return text.Length > 0
            ? Fine(text.ToString())
            : new ControlAnswer(ExitCode.Fatal, "", $"nothing is forwarded on {string.Join(", ", names)}");
    }

    private static ControlAnswer Fine(string text) => new(ExitCode.Fine, text, "");

    private string Counters()
    {
        var text = new StringBuilder();
        foreach (ForwarderInterface each in interfaces)
        {
            text.Append(each.DescribeCounters());
        }

        text.Append($"runtime\n  {"garbage collections",-44} {GC.CollectionCount(0),12}\n");
        text.Append($"flow table\n  {"half-open flows given up for room",-44} {flows.Evictions,12}\n");
        text.Append($"  {"flows not remembered for want of room",-44} {flows.Refusals,12}\n");
        return text.Append(_times.Describe()).Append(speaker.DescribeCounters()).ToString();
    }
}
