using System;
using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>What an advertisement for one instance must look like.</summary>
/// <param name="Vrid">Virtual router identifier.</param>
/// <param name="IntervalMicroseconds">Our interval; VRRPv2 says it in whole seconds.</param>
/// <param name="Authentication">Our authentication.</param>
/// <param name="Source">Our source address, host order.</param>
/// <param name="Destination">
/// Where it must have been sent: the group; for a unicast instance our own address. Host order.
/// </param>
/// <param name="Addresses">Our virtual addresses, host order. Their order does not matter.</param>
/// <param name="CheckAddresses">Whether other addresses make the advertisement invalid.</param>
/// <param name="RefuseOwnSource">
/// Whether packets from our own address are echoes of ours. False if the socket does not loop multicast back: then
/// such a packet comes from a second router that uses our address, and the machine reports it.
/// </param>
public readonly record struct AdvertExpectation(
    byte Vrid,
    long IntervalMicroseconds,
    Authentication Authentication,
    uint Source,
    uint Destination,
    ImmutableArray<uint> Addresses,
    bool CheckAddresses = true,
    bool RefuseOwnSource = false)
{
    /// <summary>What the peers of an instance send if they are configured like it.</summary>
    public static AdvertExpectation Of(VrrpSettings self, bool refuseOwnSource = false) => new(
        self.Vrid,
        self.IntervalMicroseconds,
        self.Authentication,
        self.SourceAddress,
        self.Destination == VrrpSettings.MulticastGroup ? VrrpSettings.MulticastGroup : self.SourceAddress,
        self.Addresses,
        self.CheckAddresses,
        refuseOwnSource);
}

/// <summary>Octets from the network in, a valid VRRPv2 advertisement or the reason why not out.</summary>
/// <remarks>RFC 3768 section 7.1. Allocates nothing and never throws, whatever the octets.</remarks>
public static class AdvertReader
{
    /// <summary>VRRP's IP protocol number.</summary>
    public const byte Protocol = 112;

    internal const byte TimeToLive = 255;
    internal const int Version = 2, AdvertisementType = 1;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Says which virtual router a packet is about, so that the shell can choose the instance.</summary>
    /// <param name="ipPacket">From the first octet of the IP header.</param>
    /// <param name="vrid">The identifier, unchecked: everything else may still be wrong with the packet.</param>
    /// <returns>False if it is no VRRP packet.</returns>
    public static bool TryReadVrid(ReadOnlySpan<byte> ipPacket, out byte vrid)
    {
        vrid = 0;
        if (!Ipv4View.TryOpen(ipPacket, out Ipv4View ip)
            || ip.Protocol != Protocol
            || !VrrpHeaderView.TryOpen(ip.Payload, out VrrpHeaderView header))
        {
            return false;
        }

        vrid = header.Vrid;
        return true;
    }

    /// <summary>Checks a packet and reads it.</summary>
    /// <param name="ipPacket">From the first octet of the IP header; what follows the packet is ignored.</param>
    /// <param name="expected">What it must look like.</param>
    /// <param name="advert">What it says, if there is no fault; else nothing.</param>
    public static AdvertFault Read(ReadOnlySpan<byte> ipPacket, in AdvertExpectation expected, out Advert advert)
    {
        advert = default;
        if (!Ipv4View.TryOpen(ipPacket, out Ipv4View ip))
        {
            return AdvertFault.Truncated;
        }

        if (ip.Protocol != Protocol || ip.IsFragment)
        {
            return AdvertFault.NotVrrp;
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

        if (!AdvertView.TryOpen(ip.Payload, out AdvertView message))
        {
            return AdvertFault.Length;
        }

        fault = CheckMessage(ip, header, message, expected);
        if (fault == AdvertFault.None)
        {
            advert = new Advert(header.Priority, expected.IntervalMicroseconds, ip.Source);
        }

        return fault;
    }

    private static AdvertFault CheckEnvelope(
        Ipv4View ip, VrrpHeaderView header, in AdvertExpectation expected) => 0 switch
    {
        _ when !ip.IsIntact => AdvertFault.IpChecksum,
        _ when ip.TimeToLive != TimeToLive => AdvertFault.Ttl,
        _ when header.Version != Version => AdvertFault.Version,
        _ when header.Vrid != expected.Vrid => AdvertFault.UnknownVrid,
        _ when expected.RefuseOwnSource && ip.Source == expected.Source => AdvertFault.OwnSource,
        _ => AdvertFault.None,
    };

    private static AdvertFault CheckMessage(
        Ipv4View ip, VrrpHeaderView header, AdvertView message, in AdvertExpectation expected) => 0 switch
    {
        _ when message.AuthenticationType > AuthenticationType.Header => AdvertFault.AuthType,
        _ when message.AuthenticationType != expected.Authentication.Type => AdvertFault.AuthMismatch,
        _ when !ProvesMembership(message, expected.Authentication) => AdvertFault.Password,
        _ when message.IntervalSeconds * MicrosecondsPerSecond != expected.IntervalMicroseconds =>
            AdvertFault.Interval,
        _ when header.Type != AdvertisementType => AdvertFault.Type,
        _ when message.Count == 0 => AdvertFault.Count,
        _ when !message.IsIntact => AdvertFault.Checksum,
        _ when ip.Destination != expected.Destination => AdvertFault.Destination,
        _ when expected.CheckAddresses
            && header.Priority != VrrpMachine.OwnerPriority
            && !HasAddresses(message, expected.Addresses.AsSpan()) => AdvertFault.AddressList,
        _ => AdvertFault.None,
    };

    /// <summary>
    /// Without authentication the trailer means nothing, whatever it holds (RFC 3768 section 5.3.10).
    /// </summary>
    private static bool ProvesMembership(AdvertView message, Authentication ours) =>
        ours.Type == AuthenticationType.None || message.AuthenticationData == ours.Data;

    /// <summary>Same addresses in any order. Quadratic, but both lists fit in one packet.</summary>
    private static bool HasAddresses(AdvertView message, ReadOnlySpan<uint> ours)
    {
        if (message.Count != ours.Length)
        {
            return false;
        }

        foreach (uint address in ours)
        {
            int i = 0;
            while (i < message.Count && message.Address(i) != address)
            {
                i++;
            }

            if (i == message.Count)
            {
                return false;
            }
        }

        return true;
    }
}
