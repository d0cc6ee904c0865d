using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>A frame longer than its link allows, as the segments that it was or would have been on a wire.</summary>
/// <remarks>
/// Above the driver the kernel has merged segments of a connection by then (receive offload), and on a virtual cable it
/// has not cut yet what a sender left to its NIC (segmentation offload). Both have one header that stands for many. We
/// are the NIC that cuts: RFC 9293 section 3.7, Linux net/ipv4/tcp_offload.c tcp_gso_segment and net/ipv4/udp_offload.c
/// __udp_gso_segment. The receiver of offloaded segments has verified their checksums, their sender has none yet: so
/// each piece gets one of its own.
/// </remarks>
public readonly ref struct MergedFrame
{
    /// <summary>Octets of the longest: an IP packet, an Ethernet header with both tags.</summary>
    public const int SizeMax =
        ushort.MaxValue + EthernetView.HeaderSize + (EthernetView.TagsMax * EthernetView.TagSize);

    private const int TcpHeaderSizeMin = 20, TcpSequenceAt = 4, TcpSizeAt = 12, TcpFlagsAt = 13, TcpChecksumAt = 16;
    private const int UdpHeaderSize = 8, UdpLengthAt = 4, UdpChecksumAt = 6;
    private const byte Urgent = 0x20, Push = 0x08, WindowReduced = 0x80;
    private const int LengthAtV4 = 2, IdentificationAt = 4, ChecksumAt = 10, AddressesAtV4 = 12;
    private const int LengthAtV6 = 4, AddressesAtV6 = 8;

    private readonly ReadOnlySpan<byte> _frame; // without link padding
    private readonly int _networkAt, _transportAt, _payloadAt, _pieceSize;
    private readonly byte _protocol;

    private MergedFrame(
        ReadOnlySpan<byte> frame, int networkAt, int transportAt, int payloadAt, byte protocol, int pieceSize)
    {
        _frame = frame;
        _networkAt = networkAt;
        _transportAt = transportAt;
        _payloadAt = payloadAt;
        _protocol = protocol;
        _pieceSize = pieceSize;
        Pieces = (frame.Length - payloadAt + pieceSize - 1) / pieceSize;
    }

    /// <summary>How many segments it is.</summary>
    public int Pieces { get; }

    private bool IsV4 => (_frame[_networkAt] >> 4) == 4;

    /// <summary>The only door in: a TCP segment with data, or datagrams whose size is known, that can be cut.</summary>
    /// <param name="frame">From its destination MAC to its last octet.</param>
    /// <param name="mtu">What a piece may have behind its Ethernet header.</param>
    /// <param name="segmentSize">Octets of payload in each segment, if somebody knows; 0 if not.</param>
    /// <param name="merged">The segments.</param>
    /// <returns>False for what is no such thing: a fragment, IPv6 with extension headers, datagrams of a size that
    /// nobody knows or that the link does not take, all other protocols.</returns>
    public static bool TryOpen(Span<byte> frame, int mtu, int segmentSize, out MergedFrame merged)
    {
        merged = default;
        if (!EthernetView.TryOpen(frame, out EthernetView ethernet))
        {
            return false;
        }

        int networkAt = ethernet.Size;
        if (ethernet.Type == EthernetView.TypeIpv4)
        {
            return Ipv4View.TryOpen(ethernet.Payload, out Ipv4View ip) && !ip.IsFragment && ip.HasValidChecksum
                && TryOpen(
                    frame[..(networkAt + ip.HeaderSize + ip.Payload.Length)], networkAt, networkAt + ip.HeaderSize,
                    ip.Protocol, mtu, segmentSize, out merged);
        }

        return ethernet.Type == EthernetView.TypeIpv6 && Ipv6View.TryOpen(ethernet.Payload, out Ipv6View ip6)
            && TryOpen(
                frame[..(networkAt + Ipv6View.HeaderSize + ip6.Payload.Length)], networkAt,
                networkAt + Ipv6View.HeaderSize, ip6.NextHeader, mtu, segmentSize, out merged);
    }

    /// <summary>Writes one segment.</summary>
    /// <param name="piece">From 0.</param>
    /// <param name="target">At least as long as the MTU and the Ethernet header with its tags.</param>
    /// <returns>Octets written.</returns>
    public int Write(int piece, Span<byte> target)
    {
        int from = _payloadAt + (piece * _pieceSize);
        int size = Math.Min(_pieceSize, _frame.Length - from);
        int length = _payloadAt + size;
        _frame[.._payloadAt].CopyTo(target);
        _frame.Slice(from, size).CopyTo(target[_payloadAt..]);
        Span<byte> ip = target[_networkAt..length], segment = target[_transportAt..length];
        if (_protocol == Ipv4View.ProtocolTcp)
        {
            WriteTcp(segment, piece);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment[UdpLengthAt..], (ushort)segment.Length);
        }

        WriteIp(ip, piece);
        WriteChecksum(ip, segment);
        return length;
    }

    private static bool TryOpen(
        ReadOnlySpan<byte> frame, int networkAt, int transportAt, byte protocol, int mtu, int segmentSize,
        out MergedFrame merged)
    {
        merged = default;
        ReadOnlySpan<byte> segment = frame[transportAt..];
        bool isTcp = protocol == Ipv4View.ProtocolTcp;
        int header = isTcp
            ? segment.Length >= TcpHeaderSizeMin ? (segment[TcpSizeAt] >> 4) * sizeof(uint) : int.MaxValue
            : protocol == Ipv4View.ProtocolUdp ? UdpHeaderSize : int.MaxValue;
        if (header >= segment.Length || (isTcp && (header < TcpHeaderSizeMin || !MayBeCut(segment))))
        {
            return false;
        }

        int room = mtu - (transportAt - networkAt) - header;
        int pieceSize = isTcp && segmentSize == 0 ? room : isTcp ? Math.Min(segmentSize, room) : segmentSize;
        if (pieceSize <= 0 || pieceSize > room)
        {
            return false;
        }

        merged = new MergedFrame(frame, networkAt, transportAt, transportAt + header, protocol, pieceSize);
        return true;
    }

    /// <summary>Nobody merges those: what they say holds for one segment only.</summary>
    private static bool MayBeCut(ReadOnlySpan<byte> segment) =>
        (segment[TcpFlagsAt] & ((byte)(TcpControl.Syn | TcpControl.Reset) | Urgent)) == 0;

    /// <summary>RFC 3168 section 6.1.2: CWR is said once. FIN and PSH belong to the last octet.</summary>
    private void WriteTcp(Span<byte> segment, int piece)
    {
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[TcpSequenceAt..]);
        BinaryPrimitives.WriteUInt32BigEndian(
            segment[TcpSequenceAt..], unchecked(sequence + (uint)(piece * _pieceSize)));
        int cleared = (piece > 0 ? WindowReduced : 0) | (piece < Pieces - 1 ? (int)TcpControl.Fin | Push : 0);
        segment[TcpFlagsAt] = (byte)(segment[TcpFlagsAt] & ~cleared);
    }

    private void WriteIp(Span<byte> ip, int piece)
    {
        if (!IsV4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(ip[LengthAtV6..], (ushort)(ip.Length - Ipv6View.HeaderSize));
            return;
        }

        ushort identification = BinaryPrimitives.ReadUInt16BigEndian(ip[IdentificationAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[IdentificationAt..], unchecked((ushort)(identification + piece)));
        BinaryPrimitives.WriteUInt16BigEndian(ip[LengthAtV4..], (ushort)ip.Length);
        ip[ChecksumAt..(ChecksumAt + sizeof(ushort))].Clear();
        ulong sum = InternetChecksum.Add(0, ip[..(_transportAt - _networkAt)]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[ChecksumAt..], (ushort)~InternetChecksum.Fold(sum));
    }

    private void WriteChecksum(Span<byte> ip, Span<byte> segment)
    {
        bool isTcp = _protocol == Ipv4View.ProtocolTcp;
        Span<byte> field = segment[(isTcp ? TcpChecksumAt : UdpChecksumAt)..];
        field[..sizeof(ushort)].Clear();
        ReadOnlySpan<byte> addresses = IsV4 ? ip.Slice(AddressesAtV4, 8) : ip.Slice(AddressesAtV6, 32);
        ulong sum = InternetChecksum.Add(_protocol + (ulong)segment.Length, addresses);
        ushort checksum = (ushort)~InternetChecksum.Fold(InternetChecksum.Add(sum, segment));
        bool isZero = checksum == 0 && !isTcp; // RFC 768: a computed zero is sent as all ones
        BinaryPrimitives.WriteUInt16BigEndian(field, isZero ? ushort.MaxValue : checksum);
    }
}
