using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Netlink;

/// <summary>An IPv4 address of an interface.</summary>
/// <param name="LinkIndex">Whose it is.</param>
/// <param name="Address">Host order.</param>
/// <param name="PrefixLength">0 to 32.</param>
/// <param name="Broadcast">Host order; null if none is set.</param>
/// <param name="Label">The alias that ip(8) shows, usually the interface's name.</param>
/// <param name="Scope">RT_SCOPE_: 0 is global, 253 link, 254 host.</param>
/// <param name="Flags">IFA_F_ bits.</param>
public readonly record struct AddressInfo(
    int LinkIndex,
    uint Address,
    int PrefixLength,
    uint? Broadcast,
    string? Label,
    byte Scope,
    uint Flags)
{
    /// <summary>IFA_F_SECONDARY: another address of the same subnet came first.</summary>
    public bool IsSecondary => (Flags & 1) != 0;
}

/// <summary>Addresses of interfaces, over a socket that the caller owns.</summary>
/// <remarks>
/// rtnetlink(7), RTM_NEWADDR. Adding and removing allocate nothing unless a label is given or the kernel refuses.
/// Removing a primary address takes its secondaries along unless net.ipv4.conf.*.promote_secondaries is set.
/// </remarks>
public sealed partial class Addresses(NetlinkSocket socket)
{
    /// <summary>The kernel adds no route to the address's subnet; what a VIP wants.</summary>
    public const uint NoPrefixRoute = 0x200;

    /// <summary>IFA_F_HOMEADDRESS: an IPv6 home address (RFC 6275).</summary>
    public const uint HomeAddress = 0x10;

    /// <summary>IFA_F_MANAGETEMPADDR: the kernel makes temporary addresses of this IPv6 one (RFC 4941).</summary>
    public const uint ManageTemporaryAddresses = 0x100;

    /// <summary>IFA_F_MCAUTOJOIN: a multicast address; its group is joined.</summary>
    public const uint JoinMulticast = 0x400;

    private const byte ScopeHost = 254;

    private readonly NetlinkMessageWriter _request = new();

    /// <summary>The IPv4 addresses of one interface, or of all.</summary>
    public IReadOnlyList<AddressInfo> Dump(int? linkIndex = null)
    {
        // All are listed and the rest left out here: a filter in the kernel fails when the link has just gone.
        var header = new IfAddrMsg { ifa_family = NetlinkAbi.AF_INET };
        return socket.Dump<AddressInfo>(
            _request.Clear().Begin(NetlinkAbi.RTM_GETADDR, NetlinkAbi.NLM_F_DUMP, header),
            (NetlinkMessage message, out AddressInfo address) => TryParse(message, out address)
                && (linkIndex is null || address.LinkIndex == linkIndex),
            "RTM_GETADDR",
            "IPv4 addresses");
    }

    /// <summary>The address that speaks for an interface: the first that is neither secondary nor host-only.</summary>
    /// <returns>Host order, or null if it has none.</returns>
    /// <param name="linkIndex">Whose.</param>
    /// <param name="others">Addresses that do not count, in host order: virtual ones, say.</param>
    public uint? Primary(int linkIndex, IReadOnlySet<uint>? others = null)
    {
        foreach (AddressInfo address in Dump(linkIndex))
        {
            if (!address.IsSecondary && address.Scope != ScopeHost && others?.Contains(address.Address) != true)
            {
                return address.Address;
            }
        }

        return null;
    }

    /// <summary>Gives an interface an address.</summary>
    /// <param name="linkIndex">To whom.</param>
    /// <param name="address">Of either family.</param>
    /// <param name="prefixLength">0 to 32, or to 128.</param>
    /// <param name="broadcast">Host order; IPv4.</param>
    /// <param name="label">IPv4. At most 15 characters; the kernel wants it to start with the interface's name.</param>
    /// <param name="scope">RT_SCOPE_ number.</param>
    /// <param name="flags">
    /// IFA_F_ bits, such as <see cref="NoPrefixRoute"/> and <see cref="NoDuplicateDetection"/>.
    /// </param>
    /// <param name="preferredSeconds">
    /// How long it may be chosen as a source; null is for ever. It stays valid after that.
    /// </param>
    /// <returns>False if the interface has it already.</returns>
    public bool Add(
        int linkIndex,
        IpAddress address,
        int prefixLength,
        uint? broadcast = null,
        string? label = null,
        byte scope = 0,
        uint flags = 0,
        uint? preferredSeconds = null)
    {
        const ushort Flags = NetlinkAbi.NLM_F_ACK | NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_EXCL;
        Compose(NetlinkAbi.RTM_NEWADDR, Flags, linkIndex, address, prefixLength, scope);
        if (broadcast is not null)
        {
            _request.BigEndian(NetlinkAbi.IFA_BROADCAST, broadcast.Value);
        }

        if (label is not null)
        {
            _request.Text(NetlinkAbi.IFA_LABEL, label);
        }

        if (flags != 0)
        {
            _request.Number(NetlinkAbi.IFA_FLAGS, flags);
        }

        if (preferredSeconds is { } seconds)
        {
            // struct ifa_cacheinfo: preferred, valid, and two times that the kernel sets
            _request.Attribute(
                NetlinkAbi.IFA_CACHEINFO, MemoryMarshal.AsBytes((ReadOnlySpan<uint>)[seconds, uint.MaxValue, 0, 0]));
        }

        return Carry("RTM_NEWADDR", Errno.EEXIST, linkIndex, address, prefixLength);
    }

    /// <summary>Takes an address from an interface.</summary>
    /// <returns>False if the interface does not have it.</returns>
    public bool Remove(int linkIndex, IpAddress address, int prefixLength)
    {
        Compose(NetlinkAbi.RTM_DELADDR, NetlinkAbi.NLM_F_ACK, linkIndex, address, prefixLength, scope: 0);
        return Carry("RTM_DELADDR", Errno.EADDRNOTAVAIL, linkIndex, address, prefixLength);
    }

    /// <summary>Reads RTM_NEWADDR and RTM_DELADDR of IPv4.</summary>
    internal static bool TryParse(NetlinkMessage message, out AddressInfo address)
    {
        address = default;
        if (message.Type is not (NetlinkAbi.RTM_NEWADDR or NetlinkAbi.RTM_DELADDR)
            || !message.TryOpen(out IfAddrMsg header, out NetlinkAttributes attributes)
            || header.ifa_family != NetlinkAbi.AF_INET)
        {
            return false;
        }

        uint? local = null, remote = null;
        address = new AddressInfo(
            unchecked((int)header.ifa_index), 0, header.ifa_prefixlen, null, null, header.ifa_scope, header.ifa_flags);
        while (attributes.TryRead(out NetlinkField attribute))
        {
            switch (attribute.Type)
            {
                case NetlinkAbi.IFA_LOCAL:
                    local = attribute.BigEndian;
                    break;
                case NetlinkAbi.IFA_ADDRESS: // the peer's on a point-to-point link, otherwise the same as IFA_LOCAL
                    remote = attribute.BigEndian;
                    break;
                case NetlinkAbi.IFA_BROADCAST:
                    address = address with { Broadcast = attribute.BigEndian };
                    break;
                case NetlinkAbi.IFA_LABEL:
                    address = address with { Label = attribute.Text };
                    break;
                case NetlinkAbi.IFA_FLAGS: // the same as in the header, and the bits beyond its eight
                    address = address with { Flags = attribute.Number };
                    break;
            }
        }

        address = address with { Address = local ?? remote ?? 0 };
        return (local ?? remote) is not null;
    }

    private void Compose(
        ushort type, ushort flags, int linkIndex, IpAddress address, int prefixLength, byte scope)
    {
        var header = new IfAddrMsg
        {
            ifa_family = NetlinkAbi.FamilyOf(address),
            ifa_prefixlen = (byte)prefixLength,
            ifa_scope = scope,
            ifa_index = (uint)linkIndex,
        };
        _request.Clear().Begin(type, flags, header)
            .Address(NetlinkAbi.IFA_LOCAL, address)
            .Address(NetlinkAbi.IFA_ADDRESS, address);
    }

    private bool Carry(string call, int expected, int linkIndex, IpAddress address, int prefixLength)
    {
        int errno = socket.TryRequest(_request);
        if (errno != 0 && errno != expected)
        {
            socket.Check(errno, call, $"{address}/{prefixLength} on link {linkIndex}");
        }

        return errno == 0;
    }
}
