using System;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>Why a datagram is no control packet for us. Counted; changes nothing.</summary>
/// <remarks>Declared in the order in which they are looked for.</remarks>
public enum BfdFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It came from further away than allowed (RFC 5881 section 5).</summary>
    Ttl,

    /// <summary>Cut, or of a length that contradicts itself.</summary>
    Length,

    /// <summary>Another version than 1.</summary>
    Version,

    /// <summary>A detection multiplier of zero.</summary>
    Multiplier,

    /// <summary>The multipoint bit is set.</summary>
    Multipoint,

    /// <summary>The sender has no discriminator.</summary>
    Discriminator,

    /// <summary>It does not know our discriminator, but claims to have heard us.</summary>
    YourDiscriminator,

    /// <summary>It carries authentication, and none is agreed on.</summary>
    Authentication,

    /// <summary>No session of ours.</summary>
    UnknownSession,
}

/// <summary>Decides whether a datagram is a BFD control packet, and takes it apart.</summary>
public static class BfdReader
{
    /// <summary>UDP port of single-hop sessions (RFC 5881 section 4).</summary>
    public const ushort Port = 3784;

    /// <summary>The one version there is.</summary>
    public const int Version = 1;

    /// <summary>Checks of RFC 5880 section 6.8.6 that need no session, in the RFC's order.</summary>
    /// <param name="payload">What UDP carried.</param>
    /// <param name="packet">The packet, when the result is <see cref="BfdFault.None"/>.</param>
    public static BfdFault Read(ReadOnlySpan<byte> payload, out BfdPacket packet)
    {
        packet = default;
        if (!BfdView.TryOpen(payload, out BfdView view))
        {
            return BfdFault.Length;
        }

        BfdFault fault = Judge(view);
        if (fault == BfdFault.None)
        {
            packet = new BfdPacket(
                view.Session,
                view.Diagnostic,
                view.IsPoll,
                view.IsFinal,
                view.Multiplier,
                view.Discriminator,
                view.YourDiscriminator,
                view.MinTxMicroseconds,
                view.MinRxMicroseconds);
        }

        return fault;
    }

    private static BfdFault Judge(BfdView view) =>
        view.Version != Version ? BfdFault.Version
        : view.Multiplier == 0 ? BfdFault.Multiplier
        : view.IsMultipoint ? BfdFault.Multipoint
        : view.Discriminator == 0 ? BfdFault.Discriminator
        : view.YourDiscriminator == 0 && view.Session > BfdSession.Down ? BfdFault.YourDiscriminator
        : view.IsAuthenticated ? BfdFault.Authentication
        : BfdFault.None;
}
