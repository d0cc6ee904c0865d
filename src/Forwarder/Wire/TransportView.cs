using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>TCP control bits that decide a connection's state. RFC 9293 section 3.1.</summary>
[Flags]
public enum TcpControl : byte
{
    /// <summary>None of those below.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 0x01,

    /// <summary>First segment.</summary>
    Syn = 0x02,

    /// <summary>Connection refused or broken.</summary>
    Reset = 0x04,

    /// <summary>Acknowledgement number counts.</summary>
    Ack = 0x10,

    /// <summary>All four.</summary>
    All = Fin | Syn | Reset | Ack,
}

/// <summary>
/// Reads a TCP, UDP or SCTP header in place, and completes a checksum that the sender's NIC was to finish.
/// </summary>
/// <remarks>RFC 9293 section 3.1, RFC 768, RFC 9260 section 3. Ports in host order.</remarks>
public readonly ref struct TransportView
{
    /// <summary>Octets that name both ports, the same in all three.</summary>
    public const int PortsSize = 4;

    private const int TcpHeaderSizeMin = 20, UdpHeaderSize = 8, SctpHeaderSize = 12, ChunkHeaderSize = 4;
    private const byte ChunkAbort = 6, ChunkCookieEcho = 10, ChunkCookieAck = 11;
    private const int TcpFlagsOffset = 13, TcpChecksumOffset = 16, UdpChecksumOffset = 6, SctpChecksumOffset = 8;

    private readonly Span<byte> _segment;
    private readonly byte _protocol;

    private TransportView(Span<byte> segment, byte protocol)
    {
        _segment = segment;
        _protocol = protocol;
    }

    /// <summary>Whether it is one of the protocols that have ports here.</summary>
    public static bool HasPorts(byte protocol) =>
        protocol is Ipv4View.ProtocolTcp or Ipv4View.ProtocolUdp or Ipv4View.ProtocolSctp;

    /// <summary>
    /// The only door in: the protocol is TCP, UDP or SCTP and its header is whole; of SCTP, its first chunk's too.
    /// </summary>
    public static bool TryOpen(byte protocol, Span<byte> segment, out TransportView view)
    {
        bool fits = protocol switch
        {
            Ipv4View.ProtocolTcp => segment.Length >= TcpHeaderSizeMin,
            Ipv4View.ProtocolUdp => segment.Length >= UdpHeaderSize,
            Ipv4View.ProtocolSctp => segment.Length >= SctpHeaderSize + ChunkHeaderSize,
            _ => false,
        };
        view = fits ? new TransportView(segment, protocol) : default;
        return fits;
    }

    /// <summary>Sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_segment);

    /// <summary>Receiver's port.</summary>
    public ushort TargetPort => BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]);

    /// <summary>Control bits; none for UDP and SCTP.</summary>
    public TcpControl Flags => _protocol == Ipv4View.ProtocolTcp
        ? (TcpControl)_segment[TcpFlagsOffset] & (TcpControl.Fin | TcpControl.Syn | TcpControl.Reset | TcpControl.Ack)
        : TcpControl.None;

    /// <summary>
    /// Type of SCTP's first chunk, or of an ABORT behind a COOKIE ECHO or COOKIE ACK; 0 for TCP and UDP.
    /// </summary>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_sctp.c, set_sctp_state: no other bundle changes a state.</remarks>
    public byte Chunk => _protocol == Ipv4View.ProtocolSctp ? SctpChunk() : (byte)0;

    /// <summary>
    /// A virtual NIC leaves the checksum for hardware to finish. We are that hardware. Of TCP and UDP the field holds
    /// the pseudo-header's sum then, of SCTP zero (Linux net/sctp/output.c, csum_not_inet): a field holding exactly
    /// that is completed. A right checksum that happens to equal it is computed again.
    /// </summary>
    /// <param name="pseudoHeaderSum">From the IP header above; without meaning for SCTP.</param>
    /// <returns>Whether it was completed.</returns>
    public bool CompleteChecksum(ulong pseudoHeaderSum)
    {
        if (_protocol == Ipv4View.ProtocolSctp)
        {
            return CompleteCrc();
        }

        bool isTcp = _protocol == Ipv4View.ProtocolTcp;
        Span<byte> field = _segment[(isTcp ? TcpChecksumOffset : UdpChecksumOffset)..];
        if (BinaryPrimitives.ReadUInt16BigEndian(field) != InternetChecksum.Fold(pseudoHeaderSum))
        {
            return false;
        }

        field[0] = 0;
        field[1] = 0;
        ushort checksum = (ushort)(InternetChecksum.Fold(InternetChecksum.Add(pseudoHeaderSum, _segment)) ^ 0xFFFF);
        bool isZero = checksum == 0 && !isTcp; // RFC 768: a computed zero is sent as all ones
        BinaryPrimitives.WriteUInt16BigEndian(field, isZero ? (ushort)0xFFFF : checksum);
        return true;
    }

    private byte SctpChunk()
    {
        ReadOnlySpan<byte> chunk = _segment[SctpHeaderSize..];
        byte type = chunk[0];
        int length = BinaryPrimitives.ReadUInt16BigEndian(chunk[2..]);
        int next = (length + 3) & ~3; // RFC 9260 section 3.2: the padding is not counted in the length
        bool isCookie = type is ChunkCookieEcho or ChunkCookieAck;
        return isCookie && length >= ChunkHeaderSize && next + ChunkHeaderSize <= chunk.Length
            && chunk[next] == ChunkAbort ? ChunkAbort : type;
    }

    /// <summary>RFC 9260 appendix A: the field counts as zero, and the result stands low octet first.</summary>
    private bool CompleteCrc()
    {
        Span<byte> field = _segment[SctpChecksumOffset..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(field) != 0)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(field, Crc32c.Of(_segment));
        return true;
    }
}
