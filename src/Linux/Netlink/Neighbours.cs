using System.Collections.Generic;

namespace XdpLvs.Linux.Netlink;

/// <summary>What the kernel knows about the link-layer address of a neighbour.</summary>
/// <param name="LinkIndex">On which interface.</param>
/// <param name="Address">Of either family.</param>
/// <param name="Mac">48 bits, octet 0 most significant; null while unknown.</param>
/// <param name="State">NUD_ bits.</param>
public readonly record struct NeighbourInfo(int LinkIndex, IpAddress Address, ulong? Mac, ushort State)
{
    /// <summary>NUD_INCOMPLETE: asked, no answer yet.</summary>
    public const ushort Incomplete = 1;

    /// <summary>NUD_FAILED: asked, and nobody answered.</summary>
    public const ushort Failed = 0x20;

    private const ushort Usable = 2 | 4 | 8 | 0x10 | 0x40 | 0x80; // REACHABLE STALE DELAY PROBE NOARP PERMANENT

    /// <summary>A frame can be sent to <see cref="Mac"/> now.</summary>
    public bool IsUsable => Mac is not null && (State & Usable) != 0;
}

/// <summary>
/// The neighbour tables of both families (ARP and neighbour discovery), over a socket that the caller owns.
/// </summary>
/// <remarks>rtnetlink(7), RTM_GETNEIGH; arp(7) for the states.</remarks>
public sealed class Neighbours(NetlinkSocket socket)
{
    private readonly NetlinkMessageWriter _request = new();

    /// <summary>All neighbours.</summary>
    public IReadOnlyList<NeighbourInfo> Dump() => socket.Dump<NeighbourInfo>(
        _request.Clear()
            .Begin(NetlinkAbi.RTM_GETNEIGH, NetlinkAbi.NLM_F_DUMP, default(NdMsg)),
        TryParse,
        "RTM_GETNEIGH",
        "neighbours");

    /// <summary>One neighbour; false if the kernel has no entry for it.</summary>
    /// <param name="linkIndex">On which interface.</param>
    /// <param name="address">Of either family.</param>
    /// <param name="neighbour">What is known; ask <see cref="NeighbourInfo.IsUsable"/> before using it.</param>
    public bool TryGet(int linkIndex, IpAddress address, out NeighbourInfo neighbour)
    {
        var header = new NdMsg { ndm_family = NetlinkAbi.FamilyOf(address), ndm_ifindex = linkIndex };
        _request.Clear().Begin(NetlinkAbi.RTM_GETNEIGH, NetlinkAbi.NLM_F_ACK, header)
            .Address(NetlinkAbi.NDA_DST, address);
        int errno = socket.TryQuery<NeighbourInfo>(_request, TryParse, out neighbour);
        if (errno is not (0 or Errno.ENOENT))
        {
            socket.Check(errno, "RTM_GETNEIGH", $"{address} on link {linkIndex}");
        }

        return errno == 0;
    }

    /// <summary>Has the kernel find out, as if it had a packet to send (NTF_USE). Its answer is an event.</summary>
    /// <param name="linkIndex">On which interface.</param>
    /// <param name="address">Of either family.</param>
    public void Resolve(int linkIndex, IpAddress address)
    {
        var header = new NdMsg
        {
            ndm_family = NetlinkAbi.FamilyOf(address),
            ndm_ifindex = linkIndex,
            ndm_flags = NetlinkAbi.NTF_USE,
        };
        const ushort Flags = NetlinkAbi.NLM_F_ACK | NetlinkAbi.NLM_F_CREATE;
        _request.Clear().Begin(NetlinkAbi.RTM_NEWNEIGH, Flags, header).Address(NetlinkAbi.NDA_DST, address);
        int errno = socket.TryRequest(_request);
        if (errno != 0)
        {
            socket.Check(errno, "RTM_NEWNEIGH", $"{address} on link {linkIndex}");
        }
    }

    /// <summary>Reads RTM_NEWNEIGH and RTM_DELNEIGH; bridges speak of stations in the same words.</summary>
    internal static bool TryParse(NetlinkMessage message, out NeighbourInfo neighbour)
    {
        neighbour = default;
        if (message.Type is not (NetlinkAbi.RTM_NEWNEIGH or NetlinkAbi.RTM_DELNEIGH)
            || !message.TryOpen(out NdMsg header, out NetlinkAttributes attributes)
            || header.ndm_family is not (NetlinkAbi.AF_INET or NetlinkAbi.AF_INET6)
            || !attributes.TryFind(NetlinkAbi.NDA_DST, out NetlinkField address))
        {
            return false;
        }

        ulong? mac = attributes.TryFind(NetlinkAbi.NDA_LLADDR, out NetlinkField station) ? station.Mac : null;
        neighbour = new NeighbourInfo(header.ndm_ifindex, address.Address, mac, header.ndm_state);
        return true;
    }
}
