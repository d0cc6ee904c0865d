using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Reads an IPv6 packet in place. All accessors speak host order; none can fail.</summary>
/// <remarks>RFC 8200 section 3. Extension headers are not walked: VRRP has none, MLD begins with one.</remarks>
public readonly ref struct Ipv6View
{
    /// <summary>Octets of the header.</summary>
    public const int HeaderSize = 40;

    internal const int PayloadLengthOffset = 4, NextHeaderOffset = 6, HopLimitOffset = 7, SourceOffset = 8,
        DestinationOffset = 24;

    private readonly ReadOnlySpan<byte> _packet; // exactly the packet: what the link added is cut off

    private Ipv6View(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>The only door in: version 6, a whole header, and as many octets as the header promises.</summary>
    /// <param name="octets">From the first octet of the IP header; may be longer than the packet (padding).</param>
    /// <param name="view">The packet, if true is returned.</param>
    public static bool TryOpen(ReadOnlySpan<byte> octets, out Ipv6View view)
    {
        view = default;
        if (octets.Length < HeaderSize || octets[0] >> 4 != 6)
        {
            return false;
        }

        int total = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(octets[PayloadLengthOffset..]);
        bool fits = total <= octets.Length;
        view = fits ? new Ipv6View(octets[..total]) : default;
        return fits;
    }

    /// <summary>Hop limit; 255 means that no router forwarded the packet.</summary>
    public byte HopLimit => _packet[HopLimitOffset];

    /// <summary>Protocol of the payload; 112 is VRRP.</summary>
    public byte NextHeader => _packet[NextHeaderOffset];

    /// <summary>Source address.</summary>
    public VrrpAddress Source => VrrpAddress.Read(_packet.Slice(SourceOffset, VrrpAddress.SizeV6));

    /// <summary>Destination address.</summary>
    public VrrpAddress Destination => VrrpAddress.Read(_packet.Slice(DestinationOffset, VrrpAddress.SizeV6));

    /// <summary>What follows the header, without the link's padding.</summary>
    public ReadOnlySpan<byte> Payload => _packet[HeaderSize..];
}
