using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Director.Tracking;

/// <summary>The BFD thread: waits for a packet or for the earliest deadline, and does nothing else.</summary>
/// <remarks>
/// As on the VRRP thread, packets that wait are heard before any deadline is looked at; so many at a time, so that a
/// flood cannot keep our own packets from going out.
/// </remarks>
internal sealed class BfdSpeaker : IDisposable
{
    private const long PollMicrosecondsMax = 3_600_000_000;
    private const int PacketsPerTurnMax = 256, DatagramOctetsMax = 256;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly List<BfdPeer> _peers = [];
    private readonly List<BfdSocket> _ears = [];
    private readonly Dictionary<uint, BfdPeer> _byDiscriminator = [];
    private readonly Dictionary<IpAddress, BfdPeer> _byNeighbour = [];
    private readonly long[] _faults = new long[(int)BfdFault.UnknownSession + 1];
    private readonly byte[] _datagram = new byte[DatagramOctetsMax];
    private readonly FileDescriptor _wake = Syscalls.EventCounter("BFD thread");
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <summary>Opens the sockets, in the network namespace of the caller.</summary>
    /// <param name="plans">The sessions; no two have the same neighbour or discriminator.</param>
    /// <param name="log">Told of transitions, in keepalived's words.</param>
    /// <param name="report">Told when a session comes up (true) or leaves that (false). On the BFD thread; must not
    /// block. Until the first report a session is down.</param>
    /// <param name="random">For jitter; from now on used by the BFD thread only.</param>
    /// <exception cref="LinuxException">A socket is refused, such as EADDRINUSE: another BFD daemon runs.</exception>
    internal BfdSpeaker(
        ImmutableArray<BfdPlan> plans, Action<string> log, Action<string, bool> report, Random random)
    {
        _thread = new Thread(Run) { Name = "xdplvs-bfd", IsBackground = true, Priority = ThreadPriority.Highest };
        try
        {
            foreach (bool isV4 in plans.Select(plan => plan.Neighbour.IsV4).Distinct())
            {
                _ears.Add(BfdSocket.Listen(isV4));
            }

            foreach (BfdPlan plan in plans)
            {
                var peer = new BfdPeer(plan, log, report, random);
                _peers.Add(peer);
                _byDiscriminator.Add(plan.Settings.Discriminator, peer);
                _byNeighbour.Add(plan.Neighbour, peer);
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Starts every session.</summary>
    internal void Start() => _thread.Start();

    /// <summary>States and counts of every session.</summary>
    internal string DescribeCounters()
    {
        var text = new StringBuilder();
        foreach (BfdPeer peer in _peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"BFD {peer.Name}: {peer.Session}\n");
            Append(text, "packets received", peer.Received);
            Append(text, "packets sent", peer.Sent);
            Append(text, "packets not sent", peer.Unsent);
            Append(text, "came up", peer.CameUp);
        }

        foreach (BfdFault fault in Enum.GetValues<BfdFault>())
        {
            long count = Volatile.Read(ref _faults[(int)fault]);
            if (count > 0)
            {
                Append(text, $"refused: {fault}", count);
            }
        }

        return text.ToString();
    }

    /// <summary>Switches every session off, which the neighbours are told, and ends the thread.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        Syscalls.Wake(_wake);
        if (_thread.IsAlive)
        {
            _thread.Join(StopPatience);
        }

        Close();
    }

    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-44} {value,12}\n");

    private static Instant Now() => new(Clock.NowMicroseconds);

    private void Run()
    {
        PollSlot[] slots =
        [
            new() { Descriptor = _wake.Number, Wanted = PollSlot.In },
            .. _ears.Select(ear => new PollSlot { Descriptor = ear.Descriptor.Number, Wanted = PollSlot.In }),
        ];
        _peers.ForEach(peer => peer.Happens(new BfdEvent(BfdEventKind.Start), Now()));
        while (!_stopping)
        {
            bool more = HearPackets();
            Instant now = Now(), next = Instant.Never;
            foreach (BfdPeer peer in _peers)
            {
                peer.Tick(now);
                next = Instant.Min(next, peer.NextDeadline);
            }

            long wait = more ? 0 : Math.Min(next.MicrosecondsFrom(Now()), PollMicrosecondsMax);
            Syscalls.Poll(slots, wait);
        }

        _peers.ForEach(peer => peer.Happens(new BfdEvent(BfdEventKind.Stop), Now()));
    }

    /// <summary>Returns whether there may be more.</summary>
    private bool HearPackets()
    {
        bool more = false;
        foreach (BfdSocket ear in _ears)
        {
            int count = 0;
            while (count < PacketsPerTurnMax && ear.TryReceive(_datagram, out BfdDatagram datagram))
            {
                count++;
                BfdFault fault = Hear(datagram);
                if (fault != BfdFault.None)
                {
                    Volatile.Write(ref _faults[(int)fault], _faults[(int)fault] + 1);
                }
            }

            more |= count == PacketsPerTurnMax;
        }

        return more;
    }

    /// <summary>RFC 5880 section 6.8.6: by our discriminator if the sender knows it, else by its address.</summary>
    private BfdFault Hear(in BfdDatagram datagram)
    {
        BfdFault fault = BfdReader.Read(_datagram.AsSpan(0, datagram.Length), out BfdPacket packet);
        if (fault != BfdFault.None)
        {
            return fault;
        }

        BfdPeer? peer;
        bool found = packet.OurDiscriminator != 0
            ? _byDiscriminator.TryGetValue(packet.OurDiscriminator, out peer)
            : _byNeighbour.TryGetValue(datagram.Source, out peer);
        if (!found || peer!.Plan.Neighbour != datagram.Source)
        {
            return BfdFault.UnknownSession;
        }

        if (datagram.TimeToLive < BfdPlan.LinkTimeToLive - peer.Plan.MaxHops)
        {
            return BfdFault.Ttl;
        }

        peer.Hear(packet, Now());
        return BfdFault.None;
    }

    private void Close()
    {
        _ears.ForEach(ear => ear.Dispose());
        _peers.ForEach(peer => peer.Dispose());
        _wake.Dispose();
    }
}
