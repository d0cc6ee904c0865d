using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Answers;

/// <summary>TCP RST in answer to a segment of no connection.</summary>
/// <remarks>
/// RFC 9293 section 3.10.7.1: a segment with ACK names the number that the RST must have; to one without, the RST
/// acknowledges all that it held. Type of service without its ECN bits, DF and window 0 as Linux sends it:
/// net/ipv4/tcp_ipv4.c, tcp_v4_send_reset.
/// </remarks>
internal static class ResetAnswer
{
    private const int HeaderSize = 20, SequenceAt = 4, AcknowledgementAt = 8, OffsetAt = 12, FlagsAt = 13;
    private const int ChecksumAt = 16;
    private const byte OffsetOfHeader = 5 << 4, EcnMask = 3;

    internal static int Write(ReadOnlySpan<byte> frame, in Packet packet, Span<byte> answer)
    {
        ReadOnlySpan<byte> segment = frame[packet.TransportAt..packet.End];
        int offset = (segment[OffsetAt] >> 4) * 4;
        if (offset < HeaderSize || offset > segment.Length || !IsIntact(frame, packet, segment))
        {
            return 0;
        }

        byte trafficClass = (byte)(AnswerHeader.TrafficClass(frame, packet) & ~EcnMask & 0xFF);
        Span<byte> reset = AnswerHeader.Write(
            frame, packet, Ipv4View.ProtocolTcp, trafficClass, true, HeaderSize, answer);
        reset.Clear();
        segment[..2].CopyTo(reset[2..]); // ports turned round
        segment.Slice(2, 2).CopyTo(reset);
        reset[OffsetAt] = OffsetOfHeader;
        reset[FlagsAt] = (byte)TcpControl.Reset;
        if ((packet.Control & TcpControl.Ack) != 0)
        {
            segment.Slice(AcknowledgementAt, 4).CopyTo(reset[SequenceAt..]);
        }
        else
        {
            uint end = BinaryPrimitives.ReadUInt32BigEndian(segment[SequenceAt..]);
            uint control = ((packet.Control & TcpControl.Syn) != 0 ? 1u : 0)
                + ((packet.Control & TcpControl.Fin) != 0 ? 1u : 0);
            end = unchecked(end + (uint)(segment.Length - offset) + control);
            reset[FlagsAt] |= (byte)TcpControl.Ack;
            BinaryPrimitives.WriteUInt32BigEndian(reset[AcknowledgementAt..], end);
        }

        ulong sum = AnswerHeader.PseudoHeaderSum(frame, packet, Ipv4View.ProtocolTcp, HeaderSize);
        BinaryPrimitives.WriteUInt16BigEndian(
            reset[ChecksumAt..], AnswerHeader.Complement(InternetChecksum.Add(sum, reset)));
        return packet.NetworkAt + (packet.IsV4 ? AnswerHeader.SizeV4 : AnswerHeader.SizeV6) + HeaderSize;
    }

    /// <summary>A broken segment must not break a connection: its checksum is right, or left to hardware.</summary>
    private static bool IsIntact(ReadOnlySpan<byte> frame, in Packet packet, ReadOnlySpan<byte> segment)
    {
        ulong pseudo = AnswerHeader.PseudoHeaderSum(frame, packet, Ipv4View.ProtocolTcp, segment.Length);
        return InternetChecksum.Fold(InternetChecksum.Add(pseudo, segment)) == 0xFFFF
            || BinaryPrimitives.ReadUInt16BigEndian(segment[ChecksumAt..]) == InternetChecksum.Fold(pseudo);
    }
}
