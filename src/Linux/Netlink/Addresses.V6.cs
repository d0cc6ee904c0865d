using System.Collections.Generic;

namespace XdpLvs.Linux.Netlink;

/// <summary>An IPv6 address of an interface.</summary>
/// <param name="LinkIndex">Whose it is.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">0 to 128.</param>
/// <param name="Scope">RT_SCOPE_: 0 is global, 253 link, 254 host.</param>
/// <param name="Flags">IFA_F_ bits.</param>
public readonly record struct AddressInfoV6(
    int LinkIndex, IpAddress Address, int PrefixLength, byte Scope, uint Flags)
{
    private const uint DuplicateFound = 0x08, Tentative = 0x40;

    /// <summary>Whether packets may be sent from it: duplicate address detection has ended well.</summary>
    public bool IsUsable => (Flags & (DuplicateFound | Tentative)) == 0;
}

/// <content>IPv6: the same messages, other attributes.</content>
public sealed partial class Addresses
{
    /// <summary>IFA_F_NODAD: an IPv6 address is usable at once, nobody is asked whether he has it.</summary>
    public const uint NoDuplicateDetection = 0x02;

    /// <summary>The IPv6 addresses of one interface, or of all.</summary>
    public IReadOnlyList<AddressInfoV6> DumpV6(int? linkIndex = null)
    {
        var header = new IfAddrMsg { ifa_family = NetlinkAbi.AF_INET6 };
        return socket.Dump<AddressInfoV6>(
            _request.Clear().Begin(NetlinkAbi.RTM_GETADDR, NetlinkAbi.NLM_F_DUMP, header),
            (NetlinkMessage message, out AddressInfoV6 address) => TryParseV6(message, out address)
                && (linkIndex is null || address.LinkIndex == linkIndex),
            "RTM_GETADDR",
            "IPv6 addresses");
    }

    /// <summary>Reads RTM_NEWADDR and RTM_DELADDR of IPv6.</summary>
    internal static bool TryParseV6(NetlinkMessage message, out AddressInfoV6 address)
    {
        address = default;
        if (message.Type is not (NetlinkAbi.RTM_NEWADDR or NetlinkAbi.RTM_DELADDR)
            || !message.TryOpen(out IfAddrMsg header, out NetlinkAttributes attributes)
            || header.ifa_family != NetlinkAbi.AF_INET6)
        {
            return false;
        }

        IpAddress? local = null, remote = null;
        uint flags = header.ifa_flags;
        while (attributes.TryRead(out NetlinkField attribute))
        {
            switch (attribute.Type)
            {
                case NetlinkAbi.IFA_LOCAL: // on a point-to-point link only
                    local = attribute.Address;
                    break;
                case NetlinkAbi.IFA_ADDRESS:
                    remote = attribute.Address;
                    break;
                case NetlinkAbi.IFA_FLAGS:
                    flags = attribute.Number;
                    break;
            }
        }

        address = new AddressInfoV6(
            unchecked((int)header.ifa_index),
            local ?? remote ?? default,
            header.ifa_prefixlen,
            header.ifa_scope,
            flags);
        return (local ?? remote) is not null;
    }
}
