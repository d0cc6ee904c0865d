using System;
using System.Collections.Generic;

namespace XdpLvs.Vrrp;

/// <summary>Says what happened in keepalived's words, which operators search for.</summary>
/// <remarks>Allocates; made for transitions and rarities, not for every advert.</remarks>
public static class VrrpLog
{
    /// <summary>The lines that tell of one step, in keepalived's order; none for most steps.</summary>
    /// <param name="step">What the machine returned.</param>
    /// <param name="self">The settings it was given.</param>
    public static IReadOnlyList<string> Lines(in VrrpStep step, VrrpSettings self)
    {
        var lines = new List<string>();
        if (Why(step.Notice, self) is string why)
        {
            lines.Add($"({self.Name}) {why}");
        }

        if ((step.Effects & Effects.Resign) != 0)
        {
            lines.Add($"({self.Name}) sent 0 priority");
        }

        if (step.Notice.IsTransition && step.Notice.After != Role.Initialize)
        {
            string atStart = step.Notice.Before == Role.Initialize && step.Notice.After != Role.Active ? " (init)" : "";
            lines.Add($"({self.Name}) Entering {Name(step.Notice.After)} STATE{atStart}");
        }

        if ((step.Effects & Effects.TakeAddresses) != 0)
        {
            lines.Add($"({self.Name}) setting VIPs.");
        }

        if ((step.Effects & Effects.DropAddresses) != 0)
        {
            lines.Add($"({self.Name}) removing VIPs.");
        }

        return lines;
    }

    /// <summary>The line for one gratuitous ARP.</summary>
    public static string Announcing(string interfaceName, uint vip) =>
        $"Sending gratuitous ARP on {interfaceName} for {Dotted(vip)}";

    /// <summary>keepalived's name of a role.</summary>
    public static string Name(Role role) => role switch
    {
        Role.Backup => "BACKUP",
        Role.Active => "MASTER",
        Role.Fault => "FAULT",
        _ => "INIT",
    };

    /// <summary>An address as people write it.</summary>
    public static string Dotted(uint address) =>
        $"{address >> 24}.{(address >> 16) & 0xFF}.{(address >> 8) & 0xFF}.{address & 0xFF}";

    /// <summary>
    /// Why a packet was refused: the line that explains two active routers. Null if it was not for us.
    /// </summary>
    /// <param name="fault">What <see cref="AdvertReader.Read"/> returned.</param>
    /// <param name="ipPacket">The packet it was given.</param>
    /// <param name="self">The settings of the instance.</param>
    public static string? Refusal(AdvertFault fault, ReadOnlySpan<byte> ipPacket, VrrpSettings self)
    {
        bool opens = Ipv4View.TryOpen(ipPacket, out Ipv4View ip);
        if (!opens || !VrrpHeaderView.TryOpen(ip.Payload, out VrrpHeaderView head))
        {
            return null;
        }

        bool whole = AdvertView.TryOpen(ip.Payload, out AdvertView body);
        if (!whole && fault > AdvertFault.Length)
        {
            return null; // not the packet that the fault was found in
        }

        string? what = fault switch
        {
            AdvertFault.Ttl => $"invalid TTL/HL. Received {ip.TimeToLive} and expect {AdvertReader.TimeToLive}",
            AdvertFault.Version => $"wrong version. Received {head.Version} and expect {AdvertReader.Version}",
            AdvertFault.Length => $"vrrp packet too {Compare(ip.Payload.Length, head.Count)}, length "
                + $"{ip.Payload.Length} and expect {AdvertView.SizeOf(head.Count)}",
            AdvertFault.AuthType => $"Invalid auth type: {(int)body.AuthenticationType}",
            AdvertFault.AuthMismatch => $"received a {(int)body.AuthenticationType} auth, "
                + $"expecting {(int)self.Authentication.Type}!",
            AdvertFault.Password => "received an invalid passwd!",
            AdvertFault.Interval => $"advertisement interval mismatch mine={self.IntervalMicroseconds / 1_000_000} sec "
                + $"rcv'd={body.IntervalSeconds} sec",
            AdvertFault.Type => $"Invalid packet type. {head.Type} and expect {AdvertReader.AdvertisementType}",
            AdvertFault.Count => $"expected {self.Addresses.Length} VIPs but received 0",
            AdvertFault.Checksum => "Invalid VRRPv2 checksum",
            AdvertFault.Destination => "discarding packet sent to " + Dotted(ip.Destination),
            AdvertFault.AddressList when head.Count != self.Addresses.Length =>
                $"expected {self.Addresses.Length} VIPs but received {head.Count}",
            AdvertFault.AddressList => $"ip address associated with VRID {self.Vrid} not present in MASTER advert: "
                + Missing(body, self),
            _ => null,
        };
        return what is null ? null : $"({self.Name}) {what} (from {Dotted(ip.Source)})";
    }

    private static string Compare(int length, int count) => length > AdvertView.SizeOf(count) ? "long" : "short";

    private static string Missing(AdvertView body, VrrpSettings self)
    {
        foreach (uint address in self.Addresses)
        {
            int i = 0;
            while (i < body.Count && body.Address(i) != address)
            {
                i++;
            }

            if (i == body.Count)
            {
                return Dotted(address);
            }
        }

        return "none";
    }

    private static string? Why(in Notice notice, VrrpSettings self) => (notice.Reason, notice.Before) switch
    {
        (Reason.AdvertTimeout, _) => "Receive advertisement timeout",
        (Reason.HigherPriority, _) => $"Master received advert from {Dotted(notice.Cause.Sender)} "
            + $"with higher priority {notice.Cause.Priority}, ours {self.Priority}",
        (Reason.HigherAddress, _) => $"Master received advert from {Dotted(notice.Cause.Sender)} "
            + $"with same priority {notice.Cause.Priority} but higher IP address than ours",
        (Reason.LowerPriority, _) => $"Received advert from {Dotted(notice.Cause.Sender)} with lower priority "
            + $"{notice.Cause.Priority}, ours {self.Priority}"
            + (self.LowerPrioNoAdvert ? "" : ", forcing new election"),
        (Reason.LowerPriorityDiscarded, _) => $"received lower priority ({notice.Cause.Priority}) advert "
            + $"from {Dotted(notice.Cause.Sender)} - discarding",
        (Reason.PriorityZero, Role.Active) => "Master received priority 0 message",
        (Reason.PriorityZero, _) => "Backup received priority 0 advertisement",
        (Reason.Duplicate, _) => "WARNING - equal priority advert received from remote host with our IP address.",
        (Reason.PreemptDelayStarted, _) => $"start preempt delay ({self.PreemptDelayMicroseconds / 1_000_000}."
            + $"{self.PreemptDelayMicroseconds % 1_000_000:000000})",
        (Reason.PreemptDelayStopped, _) => "stop preempt delay",
        (Reason.LinkDown, _) => "entering FAULT state (interface down)",
        (Reason.AddressesGone, _) => "entering FAULT state (addresses removed by somebody else)",
        (Reason.TrackDown, _) => "entering FAULT state (something tracked is down)",
        (Reason.Stalled, _) => "woke up late, listening once more before taking over",
        _ => null,
    };
}
