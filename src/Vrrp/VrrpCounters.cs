using System.Collections.Generic;
using System.Threading;

namespace XdpLvs.Vrrp;

/// <summary>What one instance has seen and done. The VRRP thread writes; anybody may read at any time.</summary>
/// <remarks>The counts of keepalived's statistics file. Single writer: plain read, then a released store.</remarks>
public sealed class VrrpCounters
{
    private readonly long[] _faults = new long[(int)AdvertFault.UnknownPeer + 1];
    private long _received, _sent, _becameActive, _releasedActive, _priorityZeroReceived, _priorityZeroSent;
    private long _plainChecksums, _otherIntervals, _otherAddresses;

    /// <summary>Valid advertisements heard, resignations included.</summary>
    public long AdvertsReceived => Volatile.Read(ref _received);

    /// <summary>Advertisements sent, resignations included.</summary>
    public long AdvertsSent => Volatile.Read(ref _sent);

    /// <summary>Times that the instance became active.</summary>
    public long BecameActive => Volatile.Read(ref _becameActive);

    /// <summary>Times that it stopped being active, for whatever reason.</summary>
    public long ReleasedActive => Volatile.Read(ref _releasedActive);

    /// <summary>Resignations heard.</summary>
    public long PriorityZeroReceived => Volatile.Read(ref _priorityZeroReceived);

    /// <summary>Resignations sent.</summary>
    public long PriorityZeroSent => Volatile.Read(ref _priorityZeroSent);

    /// <summary>Valid VRRPv3 advertisements on IPv4 whose checksum covers no pseudo-header.</summary>
    public long PlainChecksums => Volatile.Read(ref _plainChecksums);

    /// <summary>Valid advertisements with another interval than ours.</summary>
    public long OtherIntervals => Volatile.Read(ref _otherIntervals);

    /// <summary>Valid advertisements with other virtual addresses than ours.</summary>
    public long OtherAddresses => Volatile.Read(ref _otherAddresses);

    /// <summary>Packets refused for that reason; for <see cref="AdvertFault.None"/> always 0.</summary>
    public long Refused(AdvertFault fault) => Volatile.Read(ref _faults[(int)fault]);

    /// <summary>The counts under the names that they have in keepalived's JSON file, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> ForJson() =>
    [
        new("advert_rcvd", AdvertsReceived),
        new("advert_sent", AdvertsSent),
        new("become_master", BecameActive),
        new("release_master", ReleasedActive),
        new("packet_len_err", Refused(AdvertFault.Truncated) + Refused(AdvertFault.Length)),
        new("advert_interval_err", Refused(AdvertFault.Interval) + OtherIntervals),
        new("ip_ttl_err", Refused(AdvertFault.Ttl)),
        new("invalid_type_rcvd", Refused(AdvertFault.Type)),
        new("addr_list_err", Refused(AdvertFault.AddressList) + Refused(AdvertFault.Count) + OtherAddresses),
        new("invalid_authtype", Refused(AdvertFault.AuthType)),
        new("authtype_mismatch", Refused(AdvertFault.AuthMismatch) + Refused(AdvertFault.AuthenticationHeader)),
        new("auth_failure", Refused(AdvertFault.Password)),
        new("pri_zero_rcvd", PriorityZeroReceived),
        new("pri_zero_sent", PriorityZeroSent),
    ];

    /// <summary>Counts what <see cref="AdvertReader.Read"/> made of a packet. VRRP thread only.</summary>
    public void CountRead(AdvertFault fault, in Advert advert)
    {
        if (fault != AdvertFault.None)
        {
            Increment(ref _faults[(int)fault]);
            return;
        }

        Increment(ref _received);
        IncrementIf(advert.Priority == VrrpMachine.ResignPriority, ref _priorityZeroReceived);
        IncrementIf((advert.Oddities & AdvertOddities.PlainChecksum) != 0, ref _plainChecksums);
        IncrementIf((advert.Oddities & AdvertOddities.Interval) != 0, ref _otherIntervals);
        IncrementIf((advert.Oddities & AdvertOddities.Addresses) != 0, ref _otherAddresses);
    }

    /// <summary>Counts what a step asked for. VRRP thread only.</summary>
    public void CountStep(in VrrpStep step)
    {
        Notice notice = step.Notice;
        IncrementIf((step.Effects & (Effects.Advertise | Effects.Resign)) != 0, ref _sent);
        IncrementIf((step.Effects & Effects.Resign) != 0, ref _priorityZeroSent);
        IncrementIf(notice.IsTransition && notice.After == Role.Active, ref _becameActive);
        IncrementIf(notice.IsTransition && notice.Before == Role.Active, ref _releasedActive);
    }

    private static void IncrementIf(bool condition, ref long counter)
    {
        if (condition)
        {
            Increment(ref counter);
        }
    }

    private static void Increment(ref long counter) => Volatile.Write(ref counter, counter + 1);
}
