using System;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>What an operator configured for one virtual router. Does not change while the machine runs.</summary>
/// <remarks>
/// A changed effective priority is a changed copy (<c>settings with { Priority = … }</c>) handed to the next step; the
/// timers that are already running keep their deadlines.
/// </remarks>
public sealed record VrrpSettings
{
    /// <summary>224.0.0.18, the group of RFC 3768 section 5.2.2; host order.</summary>
    public const uint MulticastGroup = 0xE000_0012;

    /// <summary>The instance's name in the configuration and in the log.</summary>
    public required string Name { get; init; }

    /// <summary>Virtual router identifier, 1 to 255; the same on all routers of one group.</summary>
    public required byte Vrid { get; init; }

    /// <summary>Effective priority: 1 to 254, or 255 for the owner of the virtual addresses.</summary>
    public byte Priority { get; init; } = 100;

    /// <summary>Advertisement_Interval, microseconds. VRRPv2 knows whole seconds only, 1 to 255.</summary>
    public long IntervalMicroseconds { get; init; } = 1_000_000;

    /// <summary>Silent intervals before the active router counts as dead; RFC and keepalived say 3.</summary>
    public byte DownTimerAdverts { get; init; } = 3;

    /// <summary>Whether to take over from a live router of lower priority (RFC 3768 section 6.1).</summary>
    public bool Preempt { get; init; } = true;

    /// <summary>
    /// How long to tolerate a weaker active router before taking over from it, microseconds; 0 = not at all.
    /// </summary>
    public long PreemptDelayMicroseconds { get; init; }

    /// <summary>
    /// Primary IPv4 address of the interface: source of our adverts, and what breaks ties. Host order.
    /// </summary>
    public required uint SourceAddress { get; init; }

    /// <summary>Where adverts go: the group, or the one peer of a unicast setup. Host order.</summary>
    public uint Destination { get; init; } = MulticastGroup;

    /// <summary>The virtual addresses that adverts carry, in that order; each in host order.</summary>
    public required ImmutableArray<uint> Addresses { get; init; }

    /// <summary>How adverts prove that their sender belongs here.</summary>
    public Authentication Authentication { get; init; }

    /// <summary>
    /// Whether a foreign address list makes an advert invalid (keepalived up to 2.3.2, RFC 3768 7.1 MAY).
    /// </summary>
    public bool CheckAddresses { get; init; } = true;

    /// <summary>Whether to advertise once more before yielding to a stronger router, so that it notices us and
    /// announces the addresses again. keepalived's default is false, and leaves clients talking to the loser.</summary>
    public bool HigherPrioSendAdvert { get; init; } = true;

    /// <summary>
    /// Whether to leave the advert of a weaker active router unanswered (gratuitous ARP still goes out).
    /// </summary>
    public bool LowerPrioNoAdvert { get; init; }

    /// <summary>When and how often the virtual addresses are announced.</summary>
    public GarpSettings Garp { get; init; } = GarpSettings.Default;
}

/// <summary>When and how often the virtual addresses are announced by gratuitous ARP.</summary>
public sealed record GarpSettings
{
    /// <summary>keepalived's defaults.</summary>
    public static readonly GarpSettings Default = new();

    /// <summary>
    /// Announcements of each address in a burst after becoming active (garp_master_repeat); 0 = none.
    /// </summary>
    public byte Repeat { get; init; } = 5;

    /// <summary>Time to the second burst (garp_master_delay), microseconds; 0 = no second burst.</summary>
    public long DelayMicroseconds { get; init; } = 5_000_000;

    /// <summary>Announcements of each address after a weaker router was heard (garp_lower_prio_repeat).</summary>
    public byte LowerPriorityRepeat { get; init; } = 5;

    /// <summary>Time to the burst that follows that one (garp_lower_prio_delay), microseconds; 0 = none.</summary>
    public long LowerPriorityDelayMicroseconds { get; init; } = 5_000_000;

    /// <summary>Period of announcements while active (garp_master_refresh), microseconds; 0 = off.</summary>
    public long RefreshMicroseconds { get; init; }

    /// <summary>Announcements of each address in such a period (garp_master_refresh_repeat).</summary>
    public byte RefreshRepeat { get; init; } = 1;
}

/// <summary>VRRPv2's authentication (RFC 2338 section 5.3.6; RFC 3768 keeps the field and asks for zeros).</summary>
/// <param name="Type">The type octet of the message.</param>
/// <param name="Data">
/// The eight octets of the trailer, read as one big-endian number; zeros for no authentication.
/// </param>
public readonly record struct Authentication(AuthenticationType Type, ulong Data)
{
    /// <summary>Octets that a password can have; what is longer is cut, as keepalived does.</summary>
    public const int PasswordLengthMax = 8;

    /// <summary>A plain password, zero padded to eight octets.</summary>
    public static Authentication Password(ReadOnlySpan<byte> password)
    {
        Span<byte> padded = stackalloc byte[PasswordLengthMax];
        padded.Clear();
        password[..Math.Min(password.Length, PasswordLengthMax)].CopyTo(padded);
        return new Authentication(AuthenticationType.Password, BinaryPrimitives.ReadUInt64BigEndian(padded));
    }
}

/// <summary>Values of VRRPv2's Auth Type octet.</summary>
public enum AuthenticationType
{
    /// <summary>Nothing; the trailer is zeros.</summary>
    None = 0,

    /// <summary>A password of up to eight octets, readable by everybody on the segment.</summary>
    Password = 1,

    /// <summary>IPsec authentication header. Known by name only: adverts that use it are refused.</summary>
    Header = 2,
}
