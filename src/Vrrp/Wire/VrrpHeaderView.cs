using System;

namespace XdpLvs.Vrrp;

/// <summary>Reads what the messages of VRRP version 2 and 3 have in common: their first four octets.</summary>
/// <remarks>RFC 3768 section 5.1, RFC 9568 section 5.1.</remarks>
public readonly ref struct VrrpHeaderView
{
    /// <summary>Octets before the virtual addresses, in either version.</summary>
    public const int Size = 8;

    internal const int VersionAndTypeOffset = 0, VridOffset = 1, PriorityOffset = 2, CountOffset = 3;

    private readonly ReadOnlySpan<byte> _message;

    private VrrpHeaderView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>The only door in.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> message, out VrrpHeaderView view)
    {
        bool fits = message.Length >= Size;
        view = fits ? new VrrpHeaderView(message) : default;
        return fits;
    }

    /// <summary>2 or 3, or something else's idea of a version.</summary>
    public int Version => _message[VersionAndTypeOffset] >> 4;

    /// <summary>1 is ADVERTISEMENT, the only type there is.</summary>
    public int Type => _message[VersionAndTypeOffset] & 0xF;

    /// <summary>Virtual router identifier.</summary>
    public byte Vrid => _message[VridOffset];

    /// <summary>Priority; 0 means that the sender resigns.</summary>
    public byte Priority => _message[PriorityOffset];

    /// <summary>Number of virtual addresses that the message claims to carry.</summary>
    public byte Count => _message[CountOffset];
}
