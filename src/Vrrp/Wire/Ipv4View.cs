using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Reads an IPv4 packet in place, as a raw socket delivers it: from the IP header on.</summary>
/// <remarks>RFC 791 section 3.1. All accessors speak host order; none can fail.</remarks>
public readonly ref struct Ipv4View
{
    /// <summary>Octets of a header without options.</summary>
    public const int HeaderSize = 20;

    internal const int TypeOfServiceOffset = 1, TotalLengthOffset = 2, IdentificationOffset = 4, FragmentOffset = 6,
        TimeToLiveOffset = 8, ProtocolOffset = 9, ChecksumOffset = 10, SourceOffset = 12, DestinationOffset = 16;

    private const int MoreFragmentsAndOffset = 0x3FFF;

    private readonly ReadOnlySpan<byte> _packet; // exactly the total length: what the link added is cut off
    private readonly int _headerSize;

    private Ipv4View(ReadOnlySpan<byte> packet, int headerSize)
    {
        _packet = packet;
        _headerSize = headerSize;
    }

    /// <summary>The only door in: version 4, a whole header, and as many octets as the header promises.</summary>
    /// <param name="octets">From the first octet of the IP header; may be longer than the packet (padding).</param>
    /// <param name="view">The packet, if true is returned.</param>
    public static bool TryOpen(ReadOnlySpan<byte> octets, out Ipv4View view)
    {
        view = default;
        if (octets.Length < HeaderSize || octets[0] >> 4 != 4)
        {
            return false;
        }

        int headerSize = (octets[0] & 0xF) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(octets[TotalLengthOffset..]);
        if (headerSize < HeaderSize || total < headerSize || total > octets.Length)
        {
            return false;
        }

        view = new Ipv4View(octets[..total], headerSize);
        return true;
    }

    /// <summary>Time to live; 255 means that no router forwarded the packet.</summary>
    public byte TimeToLive => _packet[TimeToLiveOffset];

    /// <summary>Protocol of the payload; 112 is VRRP.</summary>
    public byte Protocol => _packet[ProtocolOffset];

    /// <summary>Whether this is a part of a datagram only.</summary>
    public bool IsFragment =>
        (BinaryPrimitives.ReadUInt16BigEndian(_packet[FragmentOffset..]) & MoreFragmentsAndOffset) != 0;

    /// <summary>Whether the header's checksum fits.</summary>
    public bool IsIntact => InternetChecksum.Of(_packet[.._headerSize]) == 0;

    /// <summary>Source address, host order.</summary>
    public uint Source => BinaryPrimitives.ReadUInt32BigEndian(_packet[SourceOffset..]);

    /// <summary>Destination address, host order.</summary>
    public uint Destination => BinaryPrimitives.ReadUInt32BigEndian(_packet[DestinationOffset..]);

    /// <summary>What follows the header, without the link's padding.</summary>
    public ReadOnlySpan<byte> Payload => _packet[_headerSize..];
}
