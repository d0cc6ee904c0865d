using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads and writes an IPv4 header in place.</summary>
/// <remarks>RFC 791 section 3.1. Addresses and numbers are in host order.</remarks>
public readonly ref struct Ipv4View
{
    /// <summary>Octets of a header without options.</summary>
    public const int HeaderSizeMin = 20;

    /// <summary>Protocol numbers, IANA.</summary>
    public const byte ProtocolIcmp = 1, ProtocolTcp = 6, ProtocolUdp = 17, ProtocolSctp = 132;

    private const int TotalLengthOffset = 2, IdentificationOffset = 4, FragmentOffset = 6, TimeToLiveOffset = 8;
    private const int ProtocolOffset = 9, ChecksumOffset = 10, SourceOffset = 12, TargetOffset = 16;
    private const ushort MoreFragmentsAndOffset = 0x3FFF, OffsetOnly = 0x1FFF;
    private const byte DontFragment = 0x40;

    private readonly Span<byte> _packet;
    private readonly int _headerSize;

    private Ipv4View(Span<byte> packet, int headerSize)
    {
        _packet = packet;
        _headerSize = headerSize;
    }

    /// <summary>
    /// The only door in: version, header length and total length agree with the octets there are. Link padding behind
    /// the total length is left out of the view. A packet cut short by its quoter fails; see <see
    /// cref="TryOpenQuoted"/>.
    /// </summary>
    public static bool TryOpen(Span<byte> octets, out Ipv4View view)
    {
        if (TryOpenQuoted(octets, out view))
        {
            int total = BinaryPrimitives.ReadUInt16BigEndian(octets[TotalLengthOffset..]);
            if (total >= view._headerSize && total <= octets.Length)
            {
                view = new Ipv4View(octets[..total], view._headerSize);
                return true;
            }
        }

        view = default;
        return false;
    }

    /// <summary>A door for the packet inside an ICMP error: its header must be whole, the rest may be cut.</summary>
    public static bool TryOpenQuoted(Span<byte> octets, out Ipv4View view)
    {
        view = default;
        if (octets.Length < HeaderSizeMin || octets[0] >> 4 != 4)
        {
            return false;
        }

        int headerSize = (octets[0] & 0x0F) * 4;
        if (headerSize < HeaderSizeMin || headerSize > octets.Length)
        {
            return false;
        }

        view = new Ipv4View(octets, headerSize);
        return true;
    }

    /// <summary>Whether the header's own checksum is right.</summary>
    public bool HasValidChecksum => InternetChecksum.Fold(InternetChecksum.Add(0, _packet[.._headerSize])) == 0xFFFF;

    /// <summary>Whether this is one piece of a larger packet.</summary>
    public bool IsFragment =>
        (BinaryPrimitives.ReadUInt16BigEndian(_packet[FragmentOffset..]) & MoreFragmentsAndOffset) != 0;

    /// <summary>Whether this is a piece other than the first, which has no transport header.</summary>
    public bool IsLaterFragment =>
        (BinaryPrimitives.ReadUInt16BigEndian(_packet[FragmentOffset..]) & OffsetOnly) != 0;

    /// <summary>What all pieces of a packet have in common, with addresses and protocol.</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_packet[IdentificationOffset..]);

    /// <summary>Octets of header and options.</summary>
    public int HeaderSize => _headerSize;

    /// <summary>The flag that forbids routers to cut it: DF.</summary>
    public bool MayNotFragment => (_packet[FragmentOffset] & DontFragment) != 0;

    /// <summary>Hops left.</summary>
    public byte TimeToLive => _packet[TimeToLiveOffset];

    /// <summary>What the payload is.</summary>
    public byte Protocol => _packet[ProtocolOffset];

    /// <summary>Source address.</summary>
    public uint Source => BinaryPrimitives.ReadUInt32BigEndian(_packet[SourceOffset..]);

    /// <summary>Destination address.</summary>
    public uint Target => BinaryPrimitives.ReadUInt32BigEndian(_packet[TargetOffset..]);

    /// <summary>Everything after header and options, without link padding.</summary>
    public Span<byte> Payload => _packet[_headerSize..];

    /// <summary>One hop fewer, with the header checksum kept right. The caller saw more than one left.</summary>
    public void CountHop()
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(_packet[TimeToLiveOffset..]);
        ushort after = (ushort)(before - 0x0100);
        BinaryPrimitives.WriteUInt16BigEndian(_packet[TimeToLiveOffset..], after);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(_packet[ChecksumOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            _packet[ChecksumOffset..], InternetChecksum.Replace(checksum, before, after));
    }

    /// <summary>The sum of the pseudo-header that TCP and UDP include: RFC 9293 section 3.1, RFC 768.</summary>
    public ulong PseudoHeaderSum => InternetChecksum.Add(0, _packet.Slice(SourceOffset, 8))
        + Protocol + (uint)(_packet.Length - _headerSize);
}
