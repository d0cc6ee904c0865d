using System;
using System.Buffers.Binary;
using System.Numerics;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Answers;

/// <summary>SCTP ABORT in answer to a packet of no association, or what else such a packet asks for.</summary>
/// <remarks>RFC 9260 section 8.4, "out of the blue" packets, rules 2 to 8; section 3.1 for header and chunks.</remarks>
internal static class AbortAnswer
{
    private const int HeaderSize = 12, ChunkHeaderSize = 4, TagAt = 4, ChecksumAt = 8;
    private const byte Initiation = 1, Abort = 6, ShutdownAck = 8, Error = 9, CookieAck = 11, ShutdownComplete = 14;
    private const byte TagReflected = 1; // the T bit
    private const ushort StaleCookie = 3;
    private const byte EcnMask = 3;

    internal static int Write(ReadOnlySpan<byte> frame, in Packet packet, Span<byte> answer)
    {
        ReadOnlySpan<byte> asked = frame[packet.TransportAt..packet.End];
        if (asked.Length < HeaderSize + ChunkHeaderSize || !IsIntact(asked))
        {
            return 0;
        }

        uint tag = BinaryPrimitives.ReadUInt32BigEndian(asked[TagAt..]);
        (byte chunk, byte flags) = Judge(asked[HeaderSize..], ref tag);
        if (chunk == 0)
        {
            return 0;
        }

        const int Size = HeaderSize + ChunkHeaderSize;
        byte trafficClass = (byte)(AnswerHeader.TrafficClass(frame, packet) & ~EcnMask & 0xFF);
        Span<byte> told = AnswerHeader.Write(frame, packet, Ipv4View.ProtocolSctp, trafficClass, true, Size, answer);
        asked[..2].CopyTo(told[2..]); // ports turned round
        asked.Slice(2, 2).CopyTo(told);
        BinaryPrimitives.WriteUInt32BigEndian(told[TagAt..], tag);
        told[HeaderSize] = chunk;
        told[HeaderSize + 1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(told[(HeaderSize + 2)..], ChunkHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(told[ChecksumAt..], Checksum(told));
        return packet.NetworkAt + (packet.IsV4 ? AnswerHeader.SizeV4 : AnswerHeader.SizeV6) + Size;
    }

    /// <summary>Right, or all zero: a virtual NIC leaves it to hardware.</summary>
    private static bool IsIntact(ReadOnlySpan<byte> packet)
    {
        uint told = BinaryPrimitives.ReadUInt32LittleEndian(packet[ChecksumAt..]);
        return told == 0 || told == Checksum(packet);
    }

    /// <summary>With the checksum's own field taken as zero; the packet may not be written to. Section 6.8.</summary>
    private static uint Checksum(ReadOnlySpan<byte> packet)
    {
        uint crc = uint.MaxValue;
        for (int i = 0; i < packet.Length; i++)
        {
            bool isField = i is >= ChecksumAt and < ChecksumAt + sizeof(uint);
            crc = BitOperations.Crc32C(crc, isField ? (byte)0 : packet[i]);
        }

        return ~crc;
    }

    /// <summary>What to answer to such chunks, and with which tag; chunk 0 is nothing.</summary>
    private static (byte Chunk, byte Flags) Judge(ReadOnlySpan<byte> chunks, ref uint tag)
    {
        (byte Chunk, byte Flags) verdict = (Abort, TagReflected); // rule 8
        if (chunks[0] == Initiation) // rule 3: an INIT that cannot be taken is refused with the tag that it names
        {
            tag = chunks.Length >= 8 ? BinaryPrimitives.ReadUInt32BigEndian(chunks[4..]) : 0;
            return tag != 0 ? (Abort, (byte)0) : default;
        }

        while (chunks.Length >= ChunkHeaderSize)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(chunks[2..]);
            if (length < ChunkHeaderSize || length > chunks.Length)
            {
                break;
            }

            switch (chunks[0])
            {
                case Abort or ShutdownComplete or CookieAck: // rules 2, 6 and 7
                case Error when IsStaleCookie(chunks[..length]): // rule 7
                    return default;
                case ShutdownAck: // rule 5
                    verdict = (ShutdownComplete, TagReflected);
                    break;
            }

            chunks = chunks[Math.Min((length + 3) & ~3, chunks.Length)..];
        }

        return verdict;
    }

    private static bool IsStaleCookie(ReadOnlySpan<byte> chunk) => chunk.Length >= ChunkHeaderSize + 2
        && BinaryPrimitives.ReadUInt16BigEndian(chunk[ChunkHeaderSize..]) == StaleCookie;
}
