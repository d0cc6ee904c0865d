using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>What a NIC with segmentation offload would have sent. RFC 9293 section 3.7, RFC 3168 section 6.1.2.
/// </summary>
public sealed class MergedFrameTests
{
    private const int Mtu = 1500, Room4 = Mtu - 40, Room6 = Mtu - 60;
    private const byte Fin = 0x01, Push = 0x08, Ack = 0x10, WindowReduced = 0x80;

    private static readonly FrameBuilder V4 = new()
    {
        TargetMac = new MacAddress(0x02_00_00_00_00_01), SourceMac = new MacAddress(0x02_00_00_00_00_02),
        From = 0x0A000001, FromPort = 40000, To = 0xC0000250, ToPort = 80,
    };

    private static readonly FrameBuilder V6 = V4 with { From = V6Address(1), To = V6Address(2) };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Room4, 1)]
    [InlineData(Room4 + 1, 2)]
    [InlineData((44 * Room4) + 1, 45)]
    public void A_segment_is_cut_by_the_MTU_when_nobody_knows_better(int payload, int pieces) =>
        Assert.Equal(pieces, Cut(V4 with { Payload = Numbered(payload) }, Ack).Count);

    [Theory]
    [InlineData("IPv4", 1000)]
    [InlineData("IPv4", 0)]
    [InlineData("IPv6", 1220)]
    [InlineData("IPv6", 0)]
    public void The_pieces_are_the_segments_that_the_sender_meant(string family, int segmentSize)
    {
        FrameBuilder builder = (family == "IPv4" ? V4 : V6) with { Payload = Numbered(5000) };
        int room = segmentSize > 0 ? segmentSize : family == "IPv4" ? Room4 : Room6;

        List<byte[]> pieces = Cut(builder, Ack | Push, segmentSize);

        int from = 0;
        foreach ((byte[] piece, int number) in pieces.Select((piece, number) => (piece, number)))
        {
            int size = Math.Min(room, 5000 - from);
            byte flags = number == pieces.Count - 1 ? (byte)(Ack | Push) : Ack;
            FrameBuilder single = builder with
            {
                Payload = builder.Payload[from..(from + size)],
                Identification = (ushort)(builder.Identification + number),
            };
            Assert.Equal(Segment(single, flags, (uint)from), piece);
            from += size;
        }

        Assert.Equal(5000, from);
    }

    [Fact]
    public void The_end_is_said_by_the_last_piece_and_a_reduced_window_by_the_first()
    {
        List<byte[]> pieces = Cut(V4 with { Payload = Numbered(3 * Room4) }, Fin | Push | Ack | WindowReduced);

        Assert.Equal([Ack | WindowReduced, Ack, Ack | Push | Fin], pieces.Select(piece => (int)piece[47]));
    }

    [Theory]
    [InlineData(ChecksumKind.Complete)]
    [InlineData(ChecksumKind.Partial)]
    [InlineData(ChecksumKind.Zero)]
    public void Every_piece_has_a_right_checksum_whatever_the_whole_one_had(ChecksumKind kind)
    {
        FrameBuilder builder = V4 with { Payload = Numbered(4000), Checksum = kind };

        Assert.All(Cut(builder, Ack), piece =>
        {
            Assert.True(Ipv4View.TryOpen(piece.AsSpan(14), out Ipv4View ip) && ip.HasValidChecksum);
            Assert.Equal(0xFFFF, InternetChecksum.Fold(InternetChecksum.Add(ip.PseudoHeaderSum, ip.Payload)));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Tags_and_IP_options_stand_in_every_piece(int tags)
    {
        FrameBuilder builder = V4 with
        {
            Payload = Numbered(4000), Tags = [.. Enumerable.Repeat(0x8100_0064u, tags)], OptionWords = 3,
        };

        List<byte[]> pieces = Cut(builder, Ack);

        int header = 14 + (4 * tags) + 32 + 20;
        Assert.Equal((4000 + Mtu - 52 - 1) / (Mtu - 52), pieces.Count);
        Assert.All(pieces, piece => Assert.True(piece.Length <= Mtu + 14 + (4 * tags)));
        Assert.Equal(builder.Payload, pieces.SelectMany(piece => piece[header..]));
        Assert.All(pieces, piece => Assert.Equal(pieces[0][..(14 + (4 * tags))], piece[..(14 + (4 * tags))]));
    }

    [Fact]
    public void Datagrams_are_cut_where_they_end()
    {
        FrameBuilder builder = V6 with { Payload = Numbered(2500) };

        List<byte[]> pieces = Pieces(builder.Udp(), segmentSize: 1000);

        Assert.Equal(
            [(0, 1000), (1000, 1000), (2000, 500)],
            pieces.Select((piece, number) => (number * 1000, piece.Length - 62)));
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => (builder with
            {
                Payload = builder.Payload[(i * 1000)..Math.Min(2500, (i + 1) * 1000)],
            }).Udp()),
            pieces);
    }

    [Fact]
    public void What_is_no_merged_frame_is_left_alone()
    {
        byte[] payload = Numbered(4000);
        AssertRefused((V4 with { Payload = payload }).Udp()); // nobody knows where its datagrams end
        AssertRefused((V4 with { Payload = payload }).Udp(), segmentSize: 2000); // and no link takes these
        AssertRefused((V4 with { Payload = payload, FragmentBits = 0x2000 }).Tcp(TcpControl.Ack));
        AssertRefused((V4 with { Payload = payload }).Tcp(TcpControl.Syn));
        AssertRefused((V4 with { Payload = payload }).Tcp(TcpControl.Reset));
        AssertRefused((V4 with { Payload = [] }).Tcp(TcpControl.Ack));
        AssertRefused((V4 with { Payload = payload }).Sctp(0));
        AssertRefused(Changed(47, Ack | 0x20)); // urgent
        AssertRefused(Changed(46, 0x40)); // a TCP header of 16 octets
        AssertRefused(Changed(24, 0)); // an IP header with a wrong checksum

        byte[] Changed(int at, byte value)
        {
            byte[] frame = (V4 with { Payload = payload }).Tcp(TcpControl.Ack);
            frame[at] = value;
            return frame;
        }
    }

    [Fact]
    public void No_octets_whatever_break_it()
    {
        var random = new Random(7);
        byte[] target = new byte[Mtu + 22];
        byte[] valid = (V4 with { Payload = Numbered(3000) }).Tcp(TcpControl.Ack);
        for (int run = 0; run < 20_000; run++)
        {
            byte[] frame = [.. valid[..random.Next(valid.Length + 1)]];
            for (int change = random.Next(4); change > 0 && frame.Length > 0; change--)
            {
                frame[random.Next(Math.Min(60, frame.Length))] = (byte)random.Next(256);
            }

            if (MergedFrame.TryOpen(frame, Mtu, random.Next(3) * 700, out MergedFrame merged))
            {
                for (int piece = 0; piece < merged.Pieces; piece++)
                {
                    Assert.InRange(merged.Write(piece, target), 1, target.Length);
                }
            }
        }
    }

    private static void AssertRefused(byte[] frame, int segmentSize = 0) =>
        Assert.False(MergedFrame.TryOpen(frame, Mtu, segmentSize, out _));

    private static List<byte[]> Cut(FrameBuilder builder, int flags, int segmentSize = 0) =>
        Pieces(Segment(builder, (byte)flags, 0), segmentSize);

    private static List<byte[]> Pieces(byte[] frame, int segmentSize)
    {
        Assert.True(MergedFrame.TryOpen(frame, Mtu, segmentSize, out MergedFrame merged));
        var pieces = new List<byte[]>();
        byte[] target = new byte[Mtu + 22];
        for (int piece = 0; piece < merged.Pieces; piece++)
        {
            pieces.Add(target[..merged.Write(piece, target)]);
        }

        return pieces;
    }

    /// <summary>Of the builder's segment, with any control bits and another sequence number, and the sum of that.
    /// </summary>
    private static byte[] Segment(FrameBuilder builder, byte flags, uint advance)
    {
        byte[] frame = builder.Tcp(TcpControl.Ack);
        int at = 14 + (4 * builder.Tags.Length) + (builder.From.IsV4 ? 20 + (4 * builder.OptionWords) : 40);
        Span<byte> segment = frame.AsSpan(at);
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(segment[4..], sequence + advance);
        segment[13] = flags;
        if (builder.Checksum == ChecksumKind.Complete)
        {
            segment[16..18].Clear();
            int addressesAt = at - (builder.From.IsV4 ? 8 + (4 * builder.OptionWords) : 32);
            Span<byte> addresses = frame.AsSpan(addressesAt, builder.From.IsV4 ? 8 : 32);
            ulong sum = InternetChecksum.Add(6 + (ulong)segment.Length, addresses);
            BinaryPrimitives.WriteUInt16BigEndian(
                segment[16..], (ushort)~InternetChecksum.Fold(InternetChecksum.Add(sum, segment)));
        }

        return frame;
    }

    private static byte[] Numbered(int octets) => [.. Enumerable.Range(0, octets).Select(i => (byte)(i * 31))];

    private static IpAddress V6Address(byte last) =>
        IpAddress.FromV6([0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
}
