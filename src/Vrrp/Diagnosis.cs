using System;
using System.Collections.Generic;
using System.Threading;

namespace XdpLvs.Vrrp;

/// <summary>In what a peer differs from us.</summary>
public enum PeerDifference
{
    /// <summary>Advertisement interval.</summary>
    Interval,

    /// <summary>Authentication type or password.</summary>
    Authentication,

    /// <summary>List of virtual addresses.</summary>
    Addresses,

    /// <summary>VRRP version.</summary>
    Version,

    /// <summary>Virtual router identifier, with our very addresses.</summary>
    Vrid,

    /// <summary>TTL, destination or source: unicast here and multicast there, a router in between.</summary>
    Reachability,

    /// <summary>Octets that are no valid message.</summary>
    Message,

    /// <summary>Nothing, and yet it is active at the same time as we are: it does not hear us, or refuses us.</summary>
    AlsoActive,
}

/// <summary>One difference of one peer. The VRRP thread writes; anybody may read at any time.</summary>
public sealed class PeerFinding
{
    private long _count, _lastMicroseconds;

    internal PeerFinding(VrrpAddress peer, PeerDifference difference, string explanation)
    {
        Peer = peer;
        Difference = difference;
        Explanation = explanation;
    }

    /// <summary>Whose.</summary>
    public VrrpAddress Peer { get; }

    /// <summary>In what.</summary>
    public PeerDifference Difference { get; }

    /// <summary>What we have and what it has.</summary>
    public string Explanation { get; }

    /// <summary>Packets that showed it.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>When the last of them came.</summary>
    public Instant LastSeen => new(Volatile.Read(ref _lastMicroseconds));

    internal void See(Instant now)
    {
        Volatile.Write(ref _lastMicroseconds, now.Microseconds);
        Volatile.Write(ref _count, _count + 1);
    }
}

/// <summary>Answers "why are there two masters?": which peer differs from us, and in what.</summary>
/// <remarks>
/// Bounded: a few findings, the stalest gives way, and a flood of invented senders makes one new finding a second.
/// Telling allocates; noting a known finding does not.
/// </remarks>
public sealed class Diagnosis
{
    /// <summary>How many findings are kept.</summary>
    public const int Capacity = 16;

    private const long NewFindingEveryMicroseconds = 1_000_000, FreshMicroseconds = 10_000_000;

    private readonly PeerFinding?[] _findings = new PeerFinding?[Capacity];
    private Instant _noNewBefore;

    /// <summary>A packet was refused. VRRP thread only.</summary>
    public void Refused(AdvertFault fault, ReadOnlySpan<byte> ipPacket, VrrpSettings self, Instant now)
    {
        if (DifferenceOf(fault) is { } difference && AdvertReader.TryReadHeader(ipPacket, out VrrpPacket ip, out _)
            && !SeeAgain(ip.Source, difference, now)
            && RefusalText.Explain(fault, ipPacket, self, out VrrpAddress sender) is string what)
        {
            SeeNew(sender, difference, what, now);
        }
    }

    /// <summary>Somebody advertises our very addresses under another identifier. VRRP thread only.</summary>
    public void OtherVrid(ReadOnlySpan<byte> ipPacket, VrrpSettings self, Instant now)
    {
        if (AdvertReader.TryReadHeader(ipPacket, out VrrpPacket ip, out VrrpHeaderView head)
            && !SeeAgain(ip.Source, PeerDifference.Vrid, now))
        {
            SeeNew(ip.Source, PeerDifference.Vrid, $"our VIPs under VRID {head.Vrid}, ours is {self.Vrid}", now);
        }
    }

    /// <summary>A valid advert with something odd, or one that left us active. VRRP thread only.</summary>
    /// <param name="advert">What was heard.</param>
    /// <param name="role">What we are after it.</param>
    /// <param name="self">Our settings.</param>
    /// <param name="now">When.</param>
    public void Heard(in Advert advert, Role role, VrrpSettings self, Instant now)
    {
        if ((advert.Oddities & (AdvertOddities.Interval | AdvertOddities.Addresses)) != 0)
        {
            bool addresses = (advert.Oddities & AdvertOddities.Addresses) != 0;
            PeerDifference difference = addresses ? PeerDifference.Addresses : PeerDifference.Interval;
            if (!SeeAgain(advert.Sender, difference, now))
            {
                SeeNew(advert.Sender, difference, VrrpLog.Oddity(advert, self) ?? "", now);
            }
        }

        if (role == Role.Active && advert.Priority != VrrpMachine.ResignPriority
            && !SeeAgain(advert.Sender, PeerDifference.AlsoActive, now))
        {
            SeeNew(advert.Sender, PeerDifference.AlsoActive, $"active with priority {advert.Priority}", now);
        }
    }

    /// <summary>What was found so far, in no order.</summary>
    public IReadOnlyList<PeerFinding> Findings()
    {
        var found = new List<PeerFinding>(Capacity);
        for (int i = 0; i < Capacity; i++)
        {
            if (Volatile.Read(ref _findings[i]) is { } finding)
            {
                found.Add(finding);
            }
        }

        return found;
    }

    /// <summary>What an operator must know now: a line for each peer that differed in the last ten seconds.</summary>
    /// <param name="role">What the instance is: if active, a refused active peer makes two of them.</param>
    /// <param name="now">The VRRP thread's clock.</param>
    public IReadOnlyList<string> Tell(Role role, Instant now)
    {
        var lines = new List<string>();
        foreach (PeerFinding finding in Findings())
        {
            bool isFresh = !finding.LastSeen.After(FreshMicroseconds).HasCome(now);
            if (isFresh && (finding.Difference != PeerDifference.AlsoActive || IsSecondMaster(finding, role)))
            {
                string twice = role == Role.Active ? "two masters: " : "";
                lines.Add($"{twice}{finding.Peer} {Words(finding)} ({finding.Count} adverts)");
            }
        }

        return lines;
    }

    /// <summary>One advert is the last word of a router that yields; two are not.</summary>
    private static bool IsSecondMaster(PeerFinding finding, Role role) => role == Role.Active && finding.Count > 1;

    private static string Words(PeerFinding finding) => finding.Difference == PeerDifference.AlsoActive
        ? $"is {finding.Explanation} too, and does not hear us or refuses us"
        : $"differs in its {finding.Difference.ToString().ToLowerInvariant()}: {finding.Explanation}";

    private static PeerDifference? DifferenceOf(AdvertFault fault) => fault switch
    {
        AdvertFault.Ttl or AdvertFault.Destination or AdvertFault.UnknownPeer => PeerDifference.Reachability,
        AdvertFault.Version => PeerDifference.Version,
        AdvertFault.AuthenticationHeader or AdvertFault.AuthType or AdvertFault.AuthMismatch or AdvertFault.Password =>
            PeerDifference.Authentication,
        AdvertFault.Interval => PeerDifference.Interval,
        AdvertFault.Count or AdvertFault.AddressList or AdvertFault.LinkLocal => PeerDifference.Addresses,
        AdvertFault.Length or AdvertFault.Type or AdvertFault.Checksum => PeerDifference.Message,
        _ => null,
    };

    private bool SeeAgain(VrrpAddress peer, PeerDifference difference, Instant now)
    {
        foreach (PeerFinding? finding in _findings)
        {
            if (finding?.Peer == peer && finding.Difference == difference)
            {
                finding.See(now);
                return true;
            }
        }

        return !_noNewBefore.HasCome(now);
    }

    private void SeeNew(VrrpAddress peer, PeerDifference difference, string what, Instant now)
    {
        int at = 0;
        for (int i = 0; i < Capacity; i++)
        {
            at = LastSeenAt(i).Microseconds < LastSeenAt(at).Microseconds ? i : at;
        }

        var finding = new PeerFinding(peer, difference, what);
        finding.See(now);
        Volatile.Write(ref _findings[at], finding);
        _noNewBefore = now.After(NewFindingEveryMicroseconds);
    }

    private Instant LastSeenAt(int index) => _findings[index]?.LastSeen ?? new Instant(long.MinValue);
}
