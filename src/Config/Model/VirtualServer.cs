using System;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;

namespace XdpLvs.Config;

/// <summary>The transport protocol of a virtual server, by its IP protocol number.</summary>
public enum TransportProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 6,

    /// <summary>UDP.</summary>
    Udp = 17,

    /// <summary>SCTP.</summary>
    Sctp = 132,
}

/// <summary>One <c>virtual_server</c>. Its forwarding method is always DR: no other is ever taken for it.</summary>
/// <param name="Address">The virtual address, IPv4 or IPv6; all its servers are of the same family.</param>
/// <param name="Port">The port; 0 means all ports, and then it is always persistent.</param>
/// <param name="Protocol">TCP, UDP or SCTP.</param>
/// <param name="Scheduler">How it chooses.</param>
/// <param name="SchedulerSwitches">Its scheduler's switches; none unless that is <c>sh</c> or <c>mh</c>.</param>
/// <param name="OnePacket"><c>ops</c>: every datagram is scheduled by itself. Only ever with UDP.</param>
/// <param name="PersistenceTimeout">How long a client sticks to a real server, whole seconds; null: not at all.</param>
/// <param name="PersistenceMask">
/// Which bits of a client's address make it the same client, a mask of the family of <paramref name="Address"/>.
/// For IPv4 any mask, as the kernel takes any (<c>ip_vs_ctl.c</c>), even one with gaps. For IPv6 the kernel knows a
/// prefix length from 1 to 128 only, and this is the mask with as many leading ones:
/// <see cref="PersistencePrefixLength"/> gives the length back.
/// </param>
/// <param name="SorryServer">Who serves while the quorum is lost; null means nobody.</param>
/// <param name="Quorum">The least sum of living weights with which it counts as up, at least 1.</param>
/// <param name="Hysteresis">
/// Less than <paramref name="Quorum"/>. The quorum is lost below their difference and regained at their sum.
/// </param>
/// <param name="RealServers">Its real servers in the order of the file.</param>
/// <param name="Span">Its header.</param>
public sealed record VirtualServer(
    IPAddress Address,
    ushort Port,
    TransportProtocol Protocol,
    SchedulerKind Scheduler,
    SchedulerSwitches SchedulerSwitches,
    bool OnePacket,
    TimeSpan? PersistenceTimeout,
    IPAddress PersistenceMask,
    SorryServer? SorryServer,
    int Quorum,
    int Hysteresis,
    ImmutableArray<RealServer> RealServers,
    SourceSpan Span)
{
    /// <summary>The <c>virtual_server_group</c> that it is a member of; null: it stands for itself.</summary>
    public string? Group { get; init; }

    /// <summary>What is run when the quorum is reached.</summary>
    public ScriptCommand? QuorumUp { get; init; }

    /// <summary>What is run when the quorum is lost.</summary>
    public ScriptCommand? QuorumDown { get; init; }

    /// <summary>Whether its servers are told to be down, and the quorum lost, when the director ends.</summary>
    public bool Omega { get; init; }

    /// <summary>Whether its checks pause while the director does not hold its address.</summary>
    public bool HaSuspend { get; init; }

    /// <summary>Whether a mail is sent when the quorum is reached or lost.</summary>
    public bool SmtpAlert { get; init; }

    /// <summary>The default of <see cref="RealServer.VirtualHost"/>.</summary>
    public string? VirtualHost { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>The ones in <see cref="PersistenceMask"/>: for IPv6, and for an IPv4 netmask, its length.</summary>
    public int PersistencePrefixLength
    {
        get
        {
            int ones = 0;
            foreach (byte octet in PersistenceMask.GetAddressBytes())
            {
                ones += BitOperations.PopCount(octet);
            }

            return ones;
        }
    }
}

/// <summary>The <c>sorry_server</c> of a virtual server. Nobody checks it, and its weight is 1.</summary>
/// <param name="Address">Its address, of the virtual server's family.</param>
/// <param name="Port">Its port; in DR always the virtual server's.</param>
/// <param name="Inhibit">Whether it stands in the table with weight 0 while it is not needed.</param>
/// <param name="Span">Its line.</param>
public sealed record SorryServer(IPAddress Address, ushort Port, bool Inhibit, SourceSpan Span);
