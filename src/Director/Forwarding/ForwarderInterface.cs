using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Director.Forwarding;

/// <summary>Which ways of moving frames an operator allows.</summary>
internal enum IoChoice
{
    /// <summary>The first that works, fastest first.</summary>
    Auto,

    /// <summary>AF_XDP with the program in the driver, or generic where the driver refuses.</summary>
    Xdp,

    /// <summary>AF_XDP with the program above the driver.</summary>
    XdpGeneric,

    /// <summary>AF_PACKET rings.</summary>
    Packet,
}

/// <summary>
/// One interface on which frames are forwarded. Owned by the director loop; the workers own their queues.
/// </summary>
internal sealed class ForwarderInterface : IDisposable
{
    private readonly TablePublisher _tables = new(ForwardingTable.Empty);
    private readonly FileDescriptor _stop = Syscalls.EventCounter("forwarder stop");
    private readonly IForwarderBackend _backend;
    private readonly EventLog _log;
    private readonly List<string> _exits = [];
    private readonly List<IDisposable> _opened = [];
    private readonly string _mode;
    private readonly string _unmerge;
    private readonly HashSet<int> _redirected = [];
    private OffloadPoint? _offload;
    private bool _started;
    private long _tooLongTold;
    private uint _quietUntil;

    /// <summary>Takes the interface over. On failure nothing is left behind.</summary>
    /// <exception cref="LinuxException">No allowed way works; the message says what refused.</exception>
    internal ForwarderInterface(
        AttachmentPoint point, IoChoice io, FlowTables flows, OffloadPlan? offload, FlowTime time, EventLog log)
    {
        Nic = point.Nic;
        _log = log;
        try
        {
            (_backend, string? notBetter) = Open(point, io, flows, offload, time);
            _mode = $"{_backend.Description}, {_backend.Workers.Count} queue(s)"
                + (notBetter is null ? "" : $"; {notBetter}");
        }
        catch
        {
            _offload?.Dispose();
            _stop.Dispose();
            throw;
        }

        _unmerge = string.Join("; ", point.Hardware.Select(name => $"ethtool -K {name} gro off lro off"));
        log.Event($"{Nic.Name}: forwarding by {_mode}");
        if (!_backend.CutsMerged && point.Choice.IsStacked)
        {
            WarnOfMerging(point.Hardware);
        }
    }

    /// <summary>The interface.</summary>
    internal Nic Nic { get; }

    /// <summary>One for each queue.</summary>
    internal IReadOnlyList<QueueWorker> Workers => _backend.Workers;

    /// <summary>Whether the XDP program forwards by itself.</summary>
    internal bool HasOffload => _offload is not null;

    /// <summary>What the workers have now.</summary>
    internal ForwardingTable Table => _tables.Current;

    /// <summary>
    /// The number of another way out, the same for all workers; the first to ask opens it.
    /// </summary>
    /// <param name="name">For messages and to know it again.</param>
    /// <param name="redirectTo">Interface to which a program may redirect; null where only user space can send.
    /// </param>
    /// <param name="open">Opens it for one worker.</param>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    internal int ExitOf(string name, int? redirectTo, Func<IFrameExit> open)
    {
        int at = _exits.IndexOf(name);
        if (at >= 0)
        {
            return at + 1;
        }

        foreach (QueueWorker worker in _backend.Workers)
        {
            IFrameExit exit = open();
            worker.Exits.Add(exit);
            if (exit is IDisposable owned)
            {
                _opened.Add(owned);
            }
        }

        _exits.Add(name);
        if (redirectTo is { } index && _offload?.SetExit(_exits.Count, index) == true)
        {
            _redirected.Add(_exits.Count);
        }

        _log.Event($"{Nic.Name}: frames for some real servers leave by {name}");
        return _exits.Count;
    }

    /// <summary>
    /// Publishes a whole table. Frames are asked for after the table knows them, refused before it forgets.
    /// </summary>
    internal void Publish(ForwardingTable table)
    {
        HashSet<ServiceKey> before = [.. _tables.Current.Services.Select(service => service.Key)];
        ServiceKey[] after = [.. table.Services.Select(service => service.Key)];
        if (!before.IsSubsetOf(after))
        {
            before.IntersectWith(after);
            _backend.SetServices(before);
        }

        _tables.Publish(table);
        _offload?.Apply(table, _redirected.Contains);
        if (before.Count != after.Length)
        {
            _backend.SetServices(after);
        }
    }

    /// <summary>Starts the workers.</summary>
    internal void Start()
    {
        _started = true;
        foreach (QueueWorker worker in _backend.Workers)
        {
            worker.Start();
        }

        _backend.TakeOver();
    }

    /// <summary>
    /// Says, at most once a minute, when frames were too long to be taken: their senders would wait in vain.
    /// </summary>
    internal void WarnOfLosses(uint now)
    {
        long tooLong = _backend.FramesTooLong;
        if (tooLong > _tooLongTold && now >= _quietUntil)
        {
            string help = _backend.CutsMerged
                ? "they cannot be cut here; on a virtual network 'ethtool -K NIC tx-udp-segmentation off "
                    + "tx-sctp-segmentation off' at the sender helps"
                : $"segmentation offload merged them, or never cut them; '{_unmerge}' helps here, on a virtual network "
                    + "'ethtool -K NIC tso off tx-udp-segmentation off tx-sctp-segmentation off' at the sender";
            _log.Warn($"{Nic.Name}: {tooLong - _tooLongTold} frames longer than the MTU were given up: {help}");
            _tooLongTold = tooLong;
            _quietUntil = now + FlowClock.Ticks(60);
        }
    }

    /// <summary>All that was ever sent to the real server with that number, all queues together.</summary>
    internal TrafficCounts Sent(ushort real)
    {
        TrafficCounts sent = default;
        foreach (QueueWorker worker in _backend.Workers)
        {
            Statistics it = worker.Statistics;
            sent += new TrafficCounts(it.Connections(real), it.Packets(real), it.Octets(real));
        }

        (long packets, long octets) = _offload?.Sent(real) ?? default;
        return sent + new TrafficCounts(0, packets, octets);
    }

    /// <summary>Every door and its count, all queues together.</summary>
    internal string DescribeCounters()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Nic.Name}: {_mode}\n");
        foreach ((string name, long value) in _backend.ReadCounters())
        {
            Append(text, name, value);
        }

        foreach (Outcome outcome in Enum.GetValues<Outcome>())
        {
            Append(text, Name(outcome), _backend.Workers.Sum(worker => worker.Counters.Frames(outcome)));
        }

        return text.ToString();
    }

    /// <summary>Its XDP program, an instruction a line, or that it has none.</summary>
    internal string DescribeProgram() => $"{Nic.Name}: {_mode}\n{_backend.ListProgram() ?? "no XDP program\n"}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Syscalls.Wake(_stop);
        if (_started)
        {
            foreach (QueueWorker worker in _backend.Workers)
            {
                worker.Join();
            }
        }

        _backend.Dispose();
        _offload?.Dispose();
        _opened.ForEach(exit => exit.Dispose());
        _stop.Dispose();
    }

    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-44} {value,12}\n");

    /// <summary>A door as operators know it.</summary>
    internal static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Forwarded => "forwarded",
        Outcome.ForwardedStateless => "forwarded by hash, too many new flows",
        Outcome.AnsweredReset => "answered: RST, no such connection",
        Outcome.AnsweredUnreachable => "answered: port unreachable, no real server",
        Outcome.AnsweredTimeExceeded => "answered: time exceeded, no hop left",
        Outcome.AnsweredTooBig => "answered: too big for its way out",
        Outcome.Malformed => "dropped: malformed",
        Outcome.NotOurs => "dropped: not for a service",
        Outcome.Fragment => "dropped: fragment",
        Outcome.Loop => "dropped: came from a director",
        Outcome.HopLimit => "dropped: no hop left",
        Outcome.TooLarge => "dropped: too big for its way out",
        Outcome.NoDestination => "dropped: real server removed",
        Outcome.NoConnection => "dropped: no such connection",
        Outcome.NoRealServer => "dropped: no real server",
        Outcome.NoNeighbour => "dropped: real server's MAC unknown",
        _ => "dropped: transmit ring full",
    };

    /// <summary>A frame longer than the MTU is given up, and its sender sends it again, for ever.</summary>
    private void WarnOfMerging(IEnumerable<string> hardware)
    {
        string[] merging = [.. hardware.Where(LinkOffloads.MergesSegments)];
        if (merging.Length > 0)
        {
            _log.Warn($"{Nic.Name}: generic receive offload is on at {string.Join(", ", merging)}: TCP segments that "
                + $"it merges are given up here, and uploads stall; run '{_unmerge}'");
        }
    }

    /// <summary>The best way that the operator and the interface allow, and why no better one.</summary>
    private (IForwarderBackend Backend, string? NotBetter) Open(
        AttachmentPoint point, IoChoice io, FlowTables flows, OffloadPlan? offload, FlowTime time)
    {
        string? notXdp = null;
        if (io != IoChoice.Packet)
        {
            string? notNative = io == IoChoice.XdpGeneric ? "asked for" : point.Choice.NotNative;
            try
            {
                XdpBackend xdp = OpenXdp(point, notNative is null, flows, offload, time);
                notNative ??= xdp.NativeRefusal;
                return (xdp, notNative is null ? null : $"not native: {notNative}");
            }
            catch (LinuxException refused) when (
                io == IoChoice.Auto && refused.Number != Errno.EBUSY && offload is not { IsRequired: true })
            {
                _log.Warn($"{refused.Message}; falling back to AF_PACKET");
                notXdp = $"not AF_XDP: {refused.Message}";
            }
        }

        return (new PacketBackend(point.Nic, _tables, flows, time, _stop), notXdp);
    }

    /// <summary>With the offload if it is wanted and possible; the log says why not.</summary>
    private XdpBackend OpenXdp(
        AttachmentPoint point, bool nativeFirst, FlowTables flows, OffloadPlan? plan, FlowTime time)
    {
        XdpBackend Open()
        {
            string? pin = _offload is null ? null : plan?.Pins?.Link(point.Nic);
            return new XdpBackend(point.Nic, nativeFirst, _offload, pin, _tables, flows, time, _stop, _log.Event);
        }

        if (plan is null)
        {
            return Open();
        }

        string? refusal = point.IsVeth ? VethProbe.Refusal(point.Nic) : null;
        if (refusal is null)
        {
            try
            {
                _offload = new OffloadPoint(plan.Memory, point.Nic.Index, plan.Targets, point.IsVeth);
                return Open();
            }
            catch (LinuxException refused) when (!plan.IsRequired && refused.Number != Errno.EBUSY)
            {
                _offload?.Dispose();
                _offload = null;
                refusal = refused.Message;
            }
        }

        if (plan.IsRequired)
        {
            throw new LinuxException("offload", point.Nic.Name, Errno.EINVAL, refusal);
        }

        _log.Event($"{point.Nic.Name}: offload: off: {refusal}");
        return Open();
    }
}
