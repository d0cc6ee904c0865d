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

        if (step.Notice.IsTransition && step.Notice.After is not (Role.Initialize or Role.Leaving))
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

    /// <summary>The line for one announcement.</summary>
    public static string Announcing(string interfaceName, VrrpAddress vip) => vip.IsV4
        ? $"Sending gratuitous ARP on {interfaceName} for {vip}"
        : $"Sending unsolicited Neighbour Advert on {interfaceName} for {vip}";

    /// <summary>keepalived's name of a role.</summary>
    public static string Name(Role role) => role switch
    {
        Role.Backup => "BACKUP",
        Role.Active => "MASTER",
        Role.Fault => "FAULT",
        Role.Leaving => "STOP",
        _ => "INIT",
    };

    /// <summary>
    /// Why a packet was refused: the line that explains two active routers. Null if it was not for us.
    /// </summary>
    /// <param name="fault">What <see cref="AdvertReader.Read"/> returned.</param>
    /// <param name="ipPacket">The packet it was given.</param>
    /// <param name="self">The settings of the instance.</param>
    public static string? Refusal(AdvertFault fault, ReadOnlySpan<byte> ipPacket, VrrpSettings self) =>
        RefusalText.Explain(fault, ipPacket, self, out VrrpAddress sender) is string what
            ? $"({self.Name}) {what} (from {sender})"
            : null;

    /// <summary>What is odd about an advert that was taken all the same; null if nothing is.</summary>
    public static string? Oddity(in Advert advert, VrrpSettings self) => advert.Oddities switch
    {
        AdvertOddities.None => null,
        var odd when odd.HasFlag(AdvertOddities.Addresses) =>
            $"({self.Name}) other virtual addresses than ours in an advert (from {advert.Sender})",
        var odd when odd.HasFlag(AdvertOddities.Interval) =>
            $"({self.Name}) advertisement interval mismatch mine={RefusalText.Seconds(self.IntervalMicroseconds)} sec "
            + $"rcv'd={RefusalText.Seconds(advert.IntervalMicroseconds)} sec (from {advert.Sender})",
        _ => $"({self.Name}) VRRPv3 checksum without pseudo-header (from {advert.Sender})",
    };

    private static string? Why(in Notice notice, VrrpSettings self) => (notice.Reason, notice.Before) switch
    {
        (Reason.Adopted, _) => "continuing as MASTER in the place of a predecessor that ended",
        (Reason.AdvertTimeout, _) => "Receive advertisement timeout",
        (Reason.HigherPriority, _) => $"Master received advert from {notice.Cause.Sender} "
            + $"with higher priority {notice.Cause.Priority}, ours {notice.Priority}",
        (Reason.HigherAddress, _) => $"Master received advert from {notice.Cause.Sender} "
            + $"with same priority {notice.Cause.Priority} but higher IP address than ours",
        (Reason.LowerPriority, _) => $"Received advert from {notice.Cause.Sender} with lower priority "
            + $"{notice.Cause.Priority}, ours {notice.Priority}"
            + (self.LowerPrioNoAdvert ? "" : ", forcing new election"),
        (Reason.LowerPriorityDiscarded, _) => $"received lower priority ({notice.Cause.Priority}) advert "
            + $"from {notice.Cause.Sender} - discarding",
        (Reason.PriorityZero, Role.Active) => "Master received priority 0 message",
        (Reason.PriorityZero, _) => "Backup received priority 0 advertisement",
        (Reason.PriorityZeroIgnored, _) => $"ignoring priority 0 advertisement from {notice.Cause.Sender}: "
            + "it is not the MASTER that we hear",
        (Reason.Duplicate, _) => "WARNING - equal priority advert received from remote host with our IP address.",
        (Reason.PreemptDelayStarted, _) => $"start preempt delay ({self.PreemptDelayMicroseconds / 1_000_000}."
            + $"{self.PreemptDelayMicroseconds % 1_000_000:000000})",
        (Reason.PreemptDelayStopped, _) => "stop preempt delay",
        (Reason.PriorityChanged, _) =>
            $"Changing effective priority from {notice.PriorityBefore} to {notice.Priority}",
        (Reason.StartupDelayed, _) => $"delaying startup for {RefusalText.Seconds(self.StartupDelayMicroseconds)} "
            + "seconds",
        _ => WhyElse(notice),
    };

    private static string? WhyElse(in Notice notice) => notice.Reason switch
    {
        Reason.LinkDown => "entering FAULT state (interface down)",
        Reason.AddressesGone => "entering FAULT state (addresses removed by somebody else)",
        Reason.TrackDown => "entering FAULT state (something tracked is down)",
        Reason.GroupFault => "entering FAULT state (another member of the sync group failed)",
        Reason.GroupActive => "all members of the sync group are ready",
        Reason.GroupBackup => "another member of the sync group yielded",
        Reason.WaitsForGroup => "ready, waiting for the other members of the sync group",
        Reason.SuccessorHeard => $"{notice.Cause.Sender} has taken over",
        Reason.NoSuccessor => "nobody has taken over",
        Reason.PeerDown => $"BFD lost MASTER {notice.Cause.Sender}",
        Reason.Stalled => "woke up late, listening once more before taking over",
        _ => null,
    };
}
