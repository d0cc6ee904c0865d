using System;

namespace XdpLvs.Vrrp;

/// <summary>Octets from the network in, a valid advertisement or the reason why not out.</summary>
/// <remarks>
/// RFC 3768 and RFC 9568, section 7.1; where they leave the order open, keepalived's. Allocates nothing and never
/// throws, whatever the octets.
/// </remarks>
public static class AdvertReader
{
    /// <summary>VRRP's IP protocol number.</summary>
    public const byte Protocol = 112;

    /// <summary>What the TTL or hop limit of multicast adverts must be.</summary>
    public const byte TimeToLive = 255;

    internal const int AdvertisementType = 1;

    /// <summary>Says which virtual router a packet is about, so that the shell can choose the instance.</summary>
    /// <param name="ipPacket">From the first octet of the IP header.</param>
    /// <param name="vrid">The identifier, unchecked: everything else may still be wrong with the packet.</param>
    /// <returns>False if it is no VRRP packet.</returns>
    public static bool TryReadVrid(ReadOnlySpan<byte> ipPacket, out byte vrid)
    {
        bool opens = TryReadHeader(ipPacket, out _, out VrrpHeaderView header);
        vrid = opens ? header.Vrid : (byte)0;
        return opens;
    }

    /// <summary>Whether a packet carries these virtual addresses and no others, whoever else it is wrong for.</summary>
    public static bool CarriesAddresses(ReadOnlySpan<byte> ipPacket, ReadOnlySpan<VrrpAddress> addresses) =>
        VrrpPacket.TryOpen(ipPacket, out VrrpPacket ip)
        && ip.Protocol == Protocol
        && AdvertView.TryOpen(ip.Payload, ip.IsV4, out AdvertView message)
        && message.CarriesExactly(addresses);

    /// <summary>Checks a packet and reads it.</summary>
    /// <param name="ipPacket">From the first octet of the IP header; what follows the packet is ignored.</param>
    /// <param name="expected">What it must look like.</param>
    /// <param name="advert">What it says, if there is no fault; else nothing.</param>
    public static AdvertFault Read(ReadOnlySpan<byte> ipPacket, in AdvertExpectation expected, out Advert advert)
    {
        advert = default;
        if (!VrrpPacket.TryOpen(ipPacket, out VrrpPacket ip))
        {
            return AdvertFault.Truncated;
        }

        if (ip.Protocol != Protocol || ip.IsFragment || ip.IsV4 == expected.IsV6)
        {
            return ip.Protocol == AuthenticationHeaderView.Protocol && TryReadHeader(ipPacket, out _, out _)
                ? AdvertFault.AuthenticationHeader
                : AdvertFault.NotVrrp;
        }

        if (!VrrpHeaderView.TryOpen(ip.Payload, out VrrpHeaderView header))
        {
            return AdvertFault.Truncated;
        }

        AdvertFault fault = CheckEnvelope(ip, header, expected);
        if (fault != AdvertFault.None)
        {
            return fault;
        }

        if (!AdvertView.TryOpen(ip.Payload, ip.IsV4, out AdvertView message))
        {
            return AdvertFault.Length;
        }

        var oddities = AdvertOddities.None;
        fault = expected.Version == VrrpVersion.Two
            ? CheckVersion2(header, message, expected)
            : CheckVersion3(ip, header, message, expected, ref oddities);
        fault = fault == AdvertFault.None ? CheckAgreement(ip, header, message, expected, ref oddities) : fault;
        if (fault == AdvertFault.None)
        {
            advert = new Advert(header.Priority, message.IntervalMicroseconds, ip.Source, oddities);
        }

        return fault;
    }

    /// <summary>The VRRP header of a packet, behind an authentication header too.</summary>
    internal static bool TryReadHeader(
        ReadOnlySpan<byte> ipPacket, out VrrpPacket packet, out VrrpHeaderView header)
    {
        header = default;
        if (!VrrpPacket.TryOpen(ipPacket, out packet))
        {
            return false;
        }

        if (packet.Protocol == Protocol)
        {
            return VrrpHeaderView.TryOpen(packet.Payload, out header);
        }

        return packet.Protocol == AuthenticationHeaderView.Protocol
            && AuthenticationHeaderView.TryOpen(packet.Payload, out AuthenticationHeaderView ah)
            && ah.NextHeader == Protocol
            && VrrpHeaderView.TryOpen(ah.Payload, out header);
    }

    private static AdvertFault CheckEnvelope(
        VrrpPacket ip, VrrpHeaderView header, in AdvertExpectation expected) => 0 switch
    {
        _ when !ip.IsIntact => AdvertFault.IpChecksum,
        _ when !MayHaveComeThatFar(ip, expected) => AdvertFault.Ttl,
        _ when header.Version != expected.Version => AdvertFault.Version,
        _ when header.Vrid != expected.Vrid => AdvertFault.UnknownVrid,
        _ when expected.RefuseOwnSource && ip.Source == expected.Source => AdvertFault.OwnSource,
        _ => AdvertFault.None,
    };

    /// <summary>Multicast never leaves its segment. A unicast peer may be further away, as far as configured.</summary>
    private static bool MayHaveComeThatFar(VrrpPacket ip, in AdvertExpectation expected)
    {
        if (expected.Peers.IsDefaultOrEmpty)
        {
            return ip.TimeToLive == TimeToLive;
        }

        foreach (UnicastPeer peer in expected.Peers)
        {
            if (peer.Address == ip.Source)
            {
                return ip.TimeToLive >= peer.TimeToLiveMin && ip.TimeToLive <= peer.TimeToLiveMax;
            }
        }

        return true;
    }

    private static AdvertFault CheckVersion2(
        VrrpHeaderView header, AdvertView message, in AdvertExpectation expected) => 0 switch
    {
        _ when message.AuthenticationType > AuthenticationType.Header => AdvertFault.AuthType,
        _ when message.AuthenticationType != expected.Authentication.Type => AdvertFault.AuthMismatch,
        _ when !ProvesMembership(message, expected.Authentication) => AdvertFault.Password,
        _ when message.IntervalMicroseconds != expected.IntervalMicroseconds => AdvertFault.Interval,
        _ when header.Type != AdvertisementType => AdvertFault.Type,
        _ when message.Count == 0 => AdvertFault.Count,
        _ when !message.IsIntact => AdvertFault.Checksum,
        _ => AdvertFault.None,
    };

    private static AdvertFault CheckVersion3(
        VrrpPacket ip,
        VrrpHeaderView header,
        AdvertView message,
        in AdvertExpectation expected,
        ref AdvertOddities oddities)
    {
        bool intact = message.IsIntactBetween(ip.Source, ip.Destination);
        bool plain = !intact && ip.IsV4 && message.IsIntact;
        oddities |= plain ? AdvertOddities.PlainChecksum : AdvertOddities.None;
        oddities |= message.IntervalMicroseconds != expected.IntervalMicroseconds
            ? AdvertOddities.Interval
            : AdvertOddities.None;
        return 0 switch
        {
            _ when message.IntervalMicroseconds == 0 => AdvertFault.Interval, // erratum 8301
            _ when header.Type != AdvertisementType => AdvertFault.Type,
            _ when message.Count == 0 => AdvertFault.Count, // erratum 8299
            _ when !intact && !plain => AdvertFault.Checksum,
            _ => AdvertFault.None,
        };
    }

    private static AdvertFault CheckAgreement(
        VrrpPacket ip,
        VrrpHeaderView header,
        AdvertView message,
        in AdvertExpectation expected,
        ref AdvertOddities oddities)
    {
        if (ip.Destination != expected.Destination)
        {
            return AdvertFault.Destination;
        }

        bool looks = expected.AddressCheck != AddressCheck.Skip
            && (expected.CheckedSender.IsUnspecified || ip.Source != expected.CheckedSender);
        if (looks && !message.CarriesExactly(expected.Addresses.AsSpan()))
        {
            if (expected.AddressCheck == AddressCheck.Refuse && header.Priority != VrrpMachine.OwnerPriority)
            {
                return AdvertFault.AddressList;
            }

            oddities |= AdvertOddities.Addresses;
        }

        if (expected.WantsLinkLocal && !message.Address(0).IsLinkLocalV6)
        {
            return AdvertFault.LinkLocal; // erratum 8300
        }

        return expected.CheckPeer && !IsPeer(ip.Source, expected) ? AdvertFault.UnknownPeer : AdvertFault.None;
    }

    private static bool IsPeer(VrrpAddress source, in AdvertExpectation expected)
    {
        foreach (UnicastPeer peer in expected.Peers.IsDefault ? [] : expected.Peers)
        {
            if (peer.Address == source)
            {
                return true;
            }
        }

        return expected.Peers.IsDefaultOrEmpty; // multicast has no peers to be one of
    }

    /// <summary>
    /// Without authentication the trailer means nothing, whatever it holds (RFC 3768 section 5.3.10).
    /// </summary>
    private static bool ProvesMembership(AdvertView message, Authentication ours) =>
        ours.Type == AuthenticationType.None || message.AuthenticationData == ours.Data;
}
