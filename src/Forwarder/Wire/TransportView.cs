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
}

/// <summary>Reads a TCP or UDP header in place, and completes a checksum that the sender's NIC was to finish.</summary>
/// <remarks>RFC 9293 section 3.1, RFC 768. Ports in host order.</remarks>
public readonly ref struct TransportView
{
    private const int TcpHeaderSizeMin = 20, UdpHeaderSize = 8;
    private const int TcpFlagsOffset = 13, TcpChecksumOffset = 16, UdpChecksumOffset = 6;

    private readonly Span<byte> _segment;
    private readonly bool _isTcp;

    private TransportView(Span<byte> segment, bool isTcp)
    {
        _segment = segment;
        _isTcp = isTcp;
    }

    /// <summary>The only door in: the protocol is TCP or UDP and its header is whole.</summary>
    public static bool TryOpen(byte protocol, Span<byte> segment, out TransportView view)
    {
        bool isTcp = protocol == Ipv4View.ProtocolTcp;
        bool fits = (isTcp && segment.Length >= TcpHeaderSizeMin)
            || (protocol == Ipv4View.ProtocolUdp && segment.Length >= UdpHeaderSize);
        view = fits ? new TransportView(segment, isTcp) : default;
        return fits;
    }

    /// <summary>Sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_segment);

    /// <summary>Receiver's port.</summary>
    public ushort TargetPort => BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]);

    /// <summary>Control bits; none for UDP.</summary>
    public TcpControl Flags => _isTcp
        ? (TcpControl)_segment[TcpFlagsOffset] & (TcpControl.Fin | TcpControl.Syn | TcpControl.Reset | TcpControl.Ack)
        : TcpControl.None;

    /// <summary>
    /// A virtual NIC leaves only the pseudo-header's sum in the checksum for hardware to finish. We are that hardware:
    /// a field holding exactly that sum is completed. A right checksum that happens to equal it is computed again.
    /// </summary>
    /// <param name="pseudoHeaderSum">From the IP header above.</param>
    /// <returns>Whether it was completed.</returns>
    public bool CompleteChecksum(ulong pseudoHeaderSum)
    {
        Span<byte> field = _segment[(_isTcp ? TcpChecksumOffset : UdpChecksumOffset)..];
        if (BinaryPrimitives.ReadUInt16BigEndian(field) != InternetChecksum.Fold(pseudoHeaderSum))
        {
            return false;
        }

        field[0] = 0;
        field[1] = 0;
        ushort checksum = (ushort)(InternetChecksum.Fold(InternetChecksum.Add(pseudoHeaderSum, _segment)) ^ 0xFFFF);
        bool isZero = checksum == 0 && !_isTcp; // RFC 768: a computed zero is sent as all ones
        BinaryPrimitives.WriteUInt16BigEndian(field, isZero ? (ushort)0xFFFF : checksum);
        return true;
    }
}
