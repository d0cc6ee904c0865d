using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>Which octets of a frame the kernel's LVS-DR changes, and what its host answers.</summary>
[Trait("Group", "Guest")]
public sealed class FrameTests(GuestRun guest)
{
    private const int SourceMac = 6, IdOffset = 18, FlagsOffset = 20, TtlOffset = 22, ChecksumOffset = 24;
    private const int V6ProtocolOffset = 20, V6TcpChecksumOffset = 14 + 40 + 16;
    private const byte DontFragment = 0x40;

    private static readonly byte[] Client = [2, 0, 0, 0, 5, 1], Director = [2, 0, 0, 0, 5, 101];
    private static readonly byte[] Server = [2, 0, 0, 0, 5, 103];

    [Fact]
    public async Task Only_the_macs_the_ttl_and_the_header_checksum_change()
    {
        List<byte[]> frames = Capture.Frames(await guest.PathOfAsync("frames", "forwarded.pcap"));
        byte[][] before = [.. frames.Where(frame => From(frame, Client))];
        byte[][] after = [.. frames.Where(frame => From(frame, Director))];

        Assert.InRange(before.Length, 5, 20); // SYN, ACK, request, ACKs, FIN
        Assert.Equal(before.Select(Id), after.Select(Id));
        Assert.All(before.Zip(after), pair => Assert.Equal(Forwarded(pair.First), pair.Second));
    }

    [Fact]
    public async Task A_frame_with_ttl_1_is_not_forwarded()
    {
        List<byte[]> frames = Capture.Frames(await guest.PathOfAsync("frames", "expired.pcap"));

        Assert.Equal(1, frames[0][TtlOffset]);
        Assert.DoesNotContain(frames, frame => frame.AsSpan(0, 6).SequenceEqual(Server));
    }

    /// <summary>What the kernel answers is, octet for octet, what we answer to the same frame.</summary>
    /// <remarks>
    /// Masked, since the kernel chooses them from its own memory: the identification of an IPv4 packet that may be cut,
    /// with the header checksum over it; the flow label; the checksum of an IPv6 RST, which is left to the NIC.
    /// </remarks>
    [Theory]
    [InlineData("expired", AnswerKind.TimeExceeded, 0, 2)]
    [InlineData("unserved", AnswerKind.PortUnreachable, 0, 3)]
    [InlineData("toobig", AnswerKind.TooBig, 1000, 1)]
    [InlineData("midstream", AnswerKind.Reset, 0, 2)]
    [InlineData("expired6", AnswerKind.TimeExceeded, 0, 2)]
    [InlineData("unserved6", AnswerKind.PortUnreachable, 0, 3)]
    [InlineData("toobig6", AnswerKind.TooBig, 1300, 1)]
    [InlineData("midstream6", AnswerKind.Reset, 0, 2)]
    public async Task The_director_answers_as_its_kernel_does(string name, AnswerKind kind, int mtu, int answersMin)
    {
        List<byte[]> frames = Capture.Frames(await guest.PathOfAsync("frames", name + ".pcap"));
        List<string> ours = [];
        int answers = 0;
        foreach (byte[] frame in frames)
        {
            if (From(frame, Client))
            {
                ours.Add(Masked(Answered(frame, kind, mtu)));
            }
            else if (From(frame, Director))
            {
                answers++;
                Assert.Contains(Masked(frame), ours);
            }
        }

        Assert.InRange(answers, answersMin, 20);
    }

    private static bool From(byte[] frame, byte[] mac) => frame.AsSpan(SourceMac, 6).SequenceEqual(mac);

    private static int Id(byte[] frame) => BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(IdOffset));

    /// <summary>What we say the frame becomes. Written out, not to share a fault with the forwarder.</summary>
    private static byte[] Forwarded(byte[] frame)
    {
        byte[] forwarded = [.. Server, .. Director, .. frame[12..]];
        forwarded[TtlOffset]--;
        int checksum = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(ChecksumOffset)) + 0x100; // RFC 1141
        BinaryPrimitives.WriteUInt16BigEndian(
            forwarded.AsSpan(ChecksumOffset), (ushort)((checksum & 0xFFFF) + (checksum >> 16)));
        return forwarded;
    }

    private static byte[] Answered(byte[] frame, AnswerKind kind, int mtu)
    {
        byte[] answer = new byte[Answer.SizeMax];
        Outcome read = PacketReader.Read(frame, MacAddress.From(Director), out Packet packet);
        Assert.Equal(Outcome.Forwarded, read);
        return answer[..Answer.Write(kind, frame, packet, mtu, answer)];
    }

    private static string Masked(byte[] answer)
    {
        byte[] masked = [.. answer];
        bool isV4 = masked.Length >= FlagsOffset && masked[12] == 0x08;
        if (isV4 && (masked[FlagsOffset] & DontFragment) == 0)
        {
            masked.AsSpan(IdOffset, 2).Clear();
            masked.AsSpan(ChecksumOffset, 2).Clear();
        }
        else if (!isV4 && masked.Length > V6TcpChecksumOffset)
        {
            masked[15] &= 0xF0;
            masked.AsSpan(16, 2).Clear();
            int size = masked[V6ProtocolOffset] == 6 ? 2 : 0;
            masked.AsSpan(V6TcpChecksumOffset, size).Clear();
        }

        return Convert.ToHexString(masked);
    }
}
