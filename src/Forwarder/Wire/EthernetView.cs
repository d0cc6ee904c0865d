using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads and writes an Ethernet II header in place, with up to two VLAN tags behind its addresses.</summary>
/// <remarks>
/// IEEE 802.3 clause 3, IEEE 802.1Q clause 9. All accessors speak host order; the wire order stays inside this type.
/// Tags are stepped over and kept as they are.
/// </remarks>
public readonly ref struct EthernetView
{
    /// <summary>Octets before the payload where there is no tag.</summary>
    public const int HeaderSize = 14;

    /// <summary>EtherTypes of IPv4 and IPv6.</summary>
    public const ushort TypeIpv4 = 0x0800, TypeIpv6 = 0x86DD;

    /// <summary>EtherTypes of a customer's tag, and of a provider's in front of it.</summary>
    public const ushort TypeTag = 0x8100, TypeServiceTag = 0x88A8;

    /// <summary>Octets of a tag, and how many are stepped over.</summary>
    public const int TagSize = 4, TagsMax = 2;

    private const int TargetOffset = 0, SourceOffset = 6, TypeOffset = 12;

    private readonly Span<byte> _frame;

    private EthernetView(Span<byte> frame, int size)
    {
        _frame = frame;
        Size = size;
    }

    /// <summary>The only door in: after it succeeds, no accessor can go out of range.</summary>
    public static bool TryOpen(Span<byte> frame, out EthernetView view)
    {
        int size = HeaderSize;
        bool fits = frame.Length >= HeaderSize;
        if (fits && BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]) is TypeTag or TypeServiceTag)
        {
            size = SizeWithTags(frame);
            fits = frame.Length >= size;
        }

        view = fits ? new EthernetView(frame, size) : default;
        return fits;
    }

    /// <summary>Octets before the payload: 14, and four for each tag.</summary>
    public int Size { get; }

    /// <summary>Destination.</summary>
    public MacAddress Target => MacAddress.From(_frame[TargetOffset..]);

    /// <summary>Source.</summary>
    public MacAddress Source => MacAddress.From(_frame[SourceOffset..]);

    /// <summary>EtherType of the payload, host order: that behind the tags. A third tag is payload.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_frame[(Size - sizeof(ushort))..]);

    /// <summary>Everything after the header.</summary>
    public Span<byte> Payload => _frame[Size..];

    /// <summary>Points the frame at another station: that is LVS-DR.</summary>
    public void Redirect(MacAddress source, MacAddress target)
    {
        target.CopyTo(_frame[TargetOffset..]);
        source.CopyTo(_frame[SourceOffset..]);
    }

    /// <summary>More octets than there are, if the frame ends within a tag.</summary>
    private static int SizeWithTags(ReadOnlySpan<byte> frame)
    {
        int size = HeaderSize;
        for (int tags = 0; tags < TagsMax && frame.Length >= size; tags++)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[(size - sizeof(ushort))..]) is TypeTag or TypeServiceTag)
            {
                size += TagSize;
            }
        }

        return size;
    }
}
