using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>Which octets of a frame the kernel's LVS-DR changes.</summary>
[Trait("Group", "Guest")]
public sealed class FrameTests(GuestRun guest)
{
    private const int SourceMac = 6, IdOffset = 18, TtlOffset = 22, ProtocolOffset = 23, ChecksumOffset = 24;
    private const int SourceOffset = 26, IcmpOffset = 34;

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
    public async Task A_frame_with_ttl_1_is_answered_with_time_exceeded_from_the_virtual_address()
    {
        List<byte[]> frames = Capture.Frames(await guest.PathOfAsync("frames", "expired.pcap"));
        byte[] answer = frames.First(frame => From(frame, Director));

        Assert.Equal(1, frames[0][TtlOffset]);
        Assert.DoesNotContain(frames, frame => frame.AsSpan(0, 6).SequenceEqual(Server));
        Assert.Equal([192, 168, 5, 100], answer[SourceOffset..(SourceOffset + 4)]);
        Assert.Equal([1, 11, 0], [answer[ProtocolOffset], answer[IcmpOffset], answer[IcmpOffset + 1]]);
        Assert.Equal("none\n", await guest.ReadAsync("frames", "expired.txt"));
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
}
