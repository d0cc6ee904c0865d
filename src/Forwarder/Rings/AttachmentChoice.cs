using System;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Forwarder.Rings;

/// <summary>Where and how frames of an interface can be taken, decided from what the kernel says of it.</summary>
/// <param name="Refusal">Why not at all, and what to configure instead; null when they can.</param>
/// <param name="NotNative">Why the program must not go into the driver; null when it may be tried.</param>
/// <remarks>
/// Linux net/core/dev.c (dev_xdp_attach, netif_receive_generic_xdp), net/xdp/xsk.c (xsk_rcv_check), the drivers
/// bonding, 8021q, bridge, macvlan and ipvlan.
/// </remarks>
public sealed record AttachmentChoice(string? Refusal, string? NotNative)
{
    // linux/if_bonding.h BOND_MODE_ALB, linux/if_link.h IPVLAN_MODE_L2
    private const int BalanceAlb = 6, IpvlanL2 = 0;

    /// <summary>
    /// Its frames come in by another interface, which may have merged them: generic XDP stops that on its own interface
    /// only (netif_elide_gro).
    /// </summary>
    public bool IsStacked => NotNative is not null;

    /// <summary>Decides.</summary>
    /// <param name="link">The interface that is to give the frames.</param>
    /// <param name="master">What it is a port of; null when it is none, or that is unknown.</param>
    public static AttachmentChoice For(LinkInfo link, LinkInfo? master) =>
        new(Refuse(link, master), NativeReason(link));

    /// <summary>How many receive queues need a socket.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="queues">How many it has.</param>
    /// <param name="portQueuesMax">How many that port has which has most; 0 when it has no ports.</param>
    /// <returns>
    /// At least 1. A bond is made with 16 queues, but a frame keeps the number of the queue on which its port received
    /// it.
    /// </returns>
    public static int QueuesOf(LinkInfo link, int queues, int portQueuesMax)
    {
        bool takesItsPorts = link.Kind is "bond" or "team" && portQueuesMax > 0;
        return Math.Max(1, takesItsPorts ? Math.Min(queues, portQueuesMax) : queues);
    }

    private static string? Refuse(LinkInfo link, LinkInfo? master)
    {
        string masterKind = link.PortKind.Length > 0 ? link.PortKind : master?.Kind ?? "";
        return link switch
        {
            { IsEthernet: false } => "it carries no Ethernet frames, and LVS-DR rewrites their MAC addresses",
            { MasterIndex: not null } when masterKind is "bond" or "bridge" or "team" or "openvswitch" =>
                Port(masterKind, master?.Name),
            { Kind: "bond", Mode: BalanceAlb } => "mode balance-alb answers clients with the MAC addresses of its "
                + "ports, and frames to those are not seen as the director's; set mode active-backup, 802.3ad, "
                + "balance-xor or balance-tlb",
            { Kind: "ipvlan", Mode: not (null or IpvlanL2) } => "an ipvlan in an L3 mode sends by IP address, whatever "
                + "MAC address a frame has; use a macvlan, or an ipvlan in mode l2",
            _ => null,
        };
    }

    private static string Port(string kind, string? master)
    {
        string name = master ?? $"its {kind}";
        return $"it is a port of the {kind} {master}, which takes all its frames; write 'interface {name}' and have "
            + $"the addresses on {name}";
    }

    private static string? NativeReason(LinkInfo link) => link.Kind switch
    {
        "bond" => "on a bond it would run in the ports' drivers, and nothing they redirect reaches a socket of the "
            + "bond",
        "team" => "a team of interfaces has no driver of its own",
        "vlan" => "a VLAN interface has no driver of its own, only untagged addresses on its NIC could use that",
        "bridge" => "a bridge has no driver of its own",
        "macvlan" => "a macvlan has no driver of its own",
        "ipvlan" => "an ipvlan has no driver of its own",
        _ => null,
    };
}
