using System;

namespace XdpLvs.Vrrp;

/// <summary>Says what is wrong with a packet, in keepalived's words: what differs, ours and theirs.</summary>
/// <remarks>Allocates; made for rarities, not for every packet.</remarks>
internal static class RefusalText
{
    private const decimal MicrosecondsPerSecond = 1_000_000;

    /// <summary>The explanation and the sender; null if the packet was not meant for us, or nothing is wrong.</summary>
    internal static string? Explain(
        AdvertFault fault, ReadOnlySpan<byte> ipPacket, VrrpSettings self, out VrrpAddress sender)
    {
        sender = default;
        if (!AdvertReader.TryReadHeader(ipPacket, out VrrpPacket ip, out VrrpHeaderView head))
        {
            return null;
        }

        sender = ip.Source;
        bool whole = AdvertView.TryOpen(ip.Payload, ip.IsV4, out AdvertView body);
        if (!whole && fault > AdvertFault.Length)
        {
            return null; // not the packet that the fault was found in
        }

        return fault switch
        {
            AdvertFault.Ttl => $"invalid TTL/HL. Received {ip.TimeToLive} and expect {HopsOf(sender, self)}",
            AdvertFault.Version => $"wrong version. Received {head.Version} and expect {self.Version}",
            AdvertFault.Length => ExplainLength(ip, head),
            AdvertFault.Type => $"Invalid packet type. {head.Type} and expect {AdvertReader.AdvertisementType}",
            AdvertFault.Checksum => $"Invalid VRRPv{head.Version} checksum",
            AdvertFault.Destination => $"discarding packet sent to {ip.Destination}",
            AdvertFault.UnknownPeer => $"unicast source address {ip.Source} not a unicast peer",
            AdvertFault.AuthenticationHeader => "received an advert with an IPsec authentication header "
                + "(auth_type AH), which is not supported",
            _ => whole ? ExplainBody(fault, body, self) : null,
        };
    }

    /// <summary>An interval as people write it: whole seconds, or hundredths.</summary>
    internal static string Seconds(long microseconds) =>
        (microseconds / MicrosecondsPerSecond).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);

    private static string? ExplainBody(AdvertFault fault, AdvertView body, VrrpSettings self) => fault switch
    {
        AdvertFault.AuthType => $"Invalid auth type: {(int)body.AuthenticationType}",
        AdvertFault.AuthMismatch => $"received a {(int)body.AuthenticationType} auth, "
            + $"expecting {(int)self.Authentication.Type}!",
        AdvertFault.Password => "received an invalid passwd!",
        AdvertFault.Interval => $"advertisement interval mismatch mine={Seconds(self.IntervalMicroseconds)} sec "
            + $"rcv'd={Seconds(body.IntervalMicroseconds)} sec",
        AdvertFault.Count => $"expected {self.Addresses.Length} VIPs but received 0",
        AdvertFault.AddressList => ExplainAddresses(body, self),
        AdvertFault.LinkLocal => $"the first IPv6 VIP address must be link local, not {body.Address(0)}",
        _ => null,
    };

    private static string ExplainAddresses(AdvertView body, VrrpSettings self)
    {
        if (body.Count != self.Addresses.Length)
        {
            return $"expected {self.Addresses.Length} VIPs but received {body.Count}";
        }

        foreach (VrrpAddress address in self.Addresses)
        {
            if (!body.Carries(address))
            {
                return $"ip address associated with VRID {self.Vrid} not present in MASTER advert: {address}";
            }
        }

        return "a VIP is repeated";
    }

    private static string ExplainLength(VrrpPacket ip, VrrpHeaderView head)
    {
        int wanted = AdvertView.SizeOf(head.Version, head.Count, ip.Source.Size);
        string direction = ip.Payload.Length > wanted ? "long" : "short";
        return $"vrrp packet too {direction}, length {ip.Payload.Length} and expect {wanted}";
    }

    private static string HopsOf(VrrpAddress sender, VrrpSettings self)
    {
        foreach (UnicastPeer peer in self.Peers)
        {
            if (peer.Address == sender)
            {
                return $"{peer.TimeToLiveMin} to {peer.TimeToLiveMax}";
            }
        }

        return $"{AdvertReader.TimeToLive}";
    }
}
