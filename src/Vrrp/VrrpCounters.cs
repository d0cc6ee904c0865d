using System.Threading;

namespace XdpLvs.Vrrp;

/// <summary>What one instance has seen and done. The VRRP thread writes; anybody may read at any time.</summary>
/// <remarks>The counts of keepalived's statistics file. Single writer: plain read, then a released store.</remarks>
public sealed class VrrpCounters
{
    private readonly long[] _faults = new long[(int)AdvertFault.AddressList + 1];
    private long _received, _sent, _becameActive, _releasedActive, _priorityZeroReceived, _priorityZeroSent;

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

    /// <summary>Packets refused for that reason; for <see cref="AdvertFault.None"/> always 0.</summary>
    public long Refused(AdvertFault fault) => Volatile.Read(ref _faults[(int)fault]);

    /// <summary>Counts what <see cref="AdvertReader.Read"/> made of a packet. VRRP thread only.</summary>
    public void CountRead(AdvertFault fault, in Advert advert)
    {
        if (fault != AdvertFault.None)
        {
            Increment(ref _faults[(int)fault]);
            return;
        }

        Increment(ref _received);
        if (advert.Priority == VrrpMachine.ResignPriority)
        {
            Increment(ref _priorityZeroReceived);
        }
    }

    /// <summary>Counts what a step asked for. VRRP thread only.</summary>
    public void CountStep(in VrrpStep step)
    {
        if ((step.Effects & (Effects.Advertise | Effects.Resign)) != 0)
        {
            Increment(ref _sent);
        }

        if ((step.Effects & Effects.Resign) != 0)
        {
            Increment(ref _priorityZeroSent);
        }

        if (step.Notice.IsTransition && step.Notice.After == Role.Active)
        {
            Increment(ref _becameActive);
        }

        if (step.Notice.IsTransition && step.Notice.Before == Role.Active)
        {
            Increment(ref _releasedActive);
        }
    }

    private static void Increment(ref long counter) => Volatile.Write(ref counter, counter + 1);
}
