namespace XdpLvs.Vrrp;

/// <summary>A received advertisement, already validated by <see cref="AdvertReader"/>.</summary>
/// <param name="Priority">0 means that the sender resigns.</param>
/// <param name="IntervalMicroseconds">What the sender announces; equals ours in VRRPv2.</param>
/// <param name="Sender">Source address of the packet.</param>
/// <param name="Oddities">What is noteworthy but no reason to refuse it.</param>
public readonly record struct Advert(
    byte Priority, long IntervalMicroseconds, VrrpAddress Sender, AdvertOddities Oddities = AdvertOddities.None);

/// <summary>Something that happened. A timer is no event: it is a deadline that a tick finds in the past.</summary>
/// <param name="Kind">What it was.</param>
public readonly record struct VrrpEvent(VrrpEventKind Kind)
{
    /// <summary>Time has passed. Give it only after every advert that waits in the socket was given.</summary>
    public static readonly VrrpEvent Tick = new(VrrpEventKind.Tick);

    /// <summary>Meaningful for <see cref="VrrpEventKind.Advert"/>.</summary>
    public Advert Advert { get; init; }

    /// <summary>Meaningful for startup, <see cref="VrrpEventKind.Failed"/> and its opposite.</summary>
    public FaultCauses Causes { get; init; }

    /// <summary>Meaningful for <see cref="VrrpEventKind.Weighed"/>: the sum of all tracked weights.</summary>
    public int Weight { get; init; }

    /// <summary>Meaningful for <see cref="VrrpEventKind.PeerDown"/>.</summary>
    public VrrpAddress Peer { get; init; }

    /// <summary>Start taking part, as backup; in fault if something is wrong already.</summary>
    public static VrrpEvent Startup(FaultCauses causes = FaultCauses.None) =>
        new(VrrpEventKind.Startup) { Causes = causes };

    /// <summary>
    /// Start taking part in the place of a predecessor that was active when it crashed: the addresses are still here,
    /// and clients still come.
    /// </summary>
    public static VrrpEvent Adopt(FaultCauses causes = FaultCauses.None) =>
        new(VrrpEventKind.Adopt) { Causes = causes };

    /// <summary>An advertisement arrived and was found valid.</summary>
    public static VrrpEvent Heard(in Advert advert) => new(VrrpEventKind.Advert) { Advert = advert };

    /// <summary>Something that we need to serve went wrong.</summary>
    public static VrrpEvent Failed(FaultCauses causes) => new(VrrpEventKind.Failed) { Causes = causes };

    /// <summary>It is well again. The shell counts how many things are wrong within one cause.</summary>
    public static VrrpEvent Recovered(FaultCauses causes) => new(VrrpEventKind.Recovered) { Causes = causes };

    /// <summary>Trackers with a weight changed: their sum is now this.</summary>
    public static VrrpEvent Weighed(int weight) => new(VrrpEventKind.Weighed) { Weight = weight };

    /// <summary>BFD says that the router with this address cannot be reached any more.</summary>
    public static VrrpEvent PeerDown(VrrpAddress peer) => new(VrrpEventKind.PeerDown) { Peer = peer };
}

/// <summary>Kinds of <see cref="VrrpEvent"/>.</summary>
public enum VrrpEventKind
{
    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>Start taking part.</summary>
    Startup,

    /// <summary>Start taking part as the active router that a predecessor was.</summary>
    Adopt,

    /// <summary>Stop taking part.</summary>
    Shutdown,

    /// <summary>An advertisement arrived.</summary>
    Advert,

    /// <summary>Something that we need to serve went wrong.</summary>
    Failed,

    /// <summary>It is well again.</summary>
    Recovered,

    /// <summary>The sum of the tracked weights changed.</summary>
    Weighed,

    /// <summary>BFD lost another router.</summary>
    PeerDown,

    /// <summary>The sync group takes over: every member wanted to.</summary>
    GroupActivates,

    /// <summary>The sync group gives up: a member of it yielded.</summary>
    GroupYields,
}
