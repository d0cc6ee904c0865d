using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

/// <summary>Frames in several chunks, as the kernel hands them over in generic mode. 16 chunks, two in reserve.
/// </summary>
public sealed class MergedFramesTests : IDisposable
{
    private const int Mtu = 1500;

    private static readonly FrameBuilder Segment = new()
    {
        TargetMac = new MacAddress(0x02_00_00_00_00_01), From = 0x0A000001, To = 0xC0000250, ToPort = 80,
        Payload = [.. Enumerable.Range(0, 4000).Select(i => (byte)i)],
    };

    private readonly MergedFrames _merged = new(Mtu);
    private readonly FakeKernel _kernel;
    private readonly Frame[] _batch = new Frame[64];

    public MergedFramesTests() => _kernel = new FakeKernel(start: uint.MaxValue - 3, _merged);

    public void Dispose()
    {
        _kernel.Dispose();
        _merged.Dispose();
    }

    [Fact]
    public void A_merged_frame_comes_as_its_segments_as_chunks_come_free()
    {
        XskPort port = _kernel.OpenPort();
        byte[] whole = Segment.Tcp(TcpControl.Ack);
        Assert.True(MergedFrame.TryOpen(whole, Mtu, 0, out MergedFrame cut));
        Assert.Equal(3, cut.Pieces);
        Assert.True(_kernel.Arrive(whole));

        var seen = new List<byte[]>();
        int first = port.Receive(_batch);
        Take(ref port, first, seen);
        Assert.Equal(2, first);
        Assert.True(port.HasBacklog, "a segment waits for a chunk");
        _kernel.Complete(2);
        int second = port.Receive(_batch);
        Take(ref port, second, seen);

        Assert.Equal(1, second);
        Assert.False(port.HasBacklog);
        byte[] expected = new byte[Mtu + 14];
        for (int piece = 0; piece < 3; piece++)
        {
            Assert.True(MergedFrame.TryOpen(whole, Mtu, 0, out cut));
            Assert.Equal(expected[..cut.Write(piece, expected)], seen[piece]);
        }
    }

    [Fact]
    public void Frames_before_and_behind_it_keep_their_order()
    {
        XskPort port = _kernel.OpenPort();
        byte[] before = (Segment with { Payload = [1] }).Tcp(TcpControl.Ack);
        byte[] behind = (Segment with { Payload = [2] }).Tcp(TcpControl.Ack);
        byte[] whole = (Segment with { Payload = new byte[2000] }).Tcp(TcpControl.Ack);
        Assert.True(_kernel.Arrive(before) && _kernel.Arrive(whole) && _kernel.Arrive(behind));

        var seen = new List<byte[]>();
        Take(ref port, port.Receive(_batch), seen);

        Assert.Equal(
            [before.Length, Mtu + 14, 14 + 40 + 2000 - 1460, behind.Length],
            seen.Select(octets => octets.Length));
        Assert.Equal((before[^1], behind[^1]), (seen[0][^1], seen[3][^1]));
    }

    [Fact]
    public void A_merged_frame_that_fits_one_chunk_is_cut_too()
    {
        XskPort port = _kernel.OpenPort();
        byte[] whole = (Segment with { Payload = new byte[1600] }).Tcp(TcpControl.Ack);
        Assert.True(whole.Length <= FakeKernel.ChunkSize - 256);
        Assert.True(_kernel.Arrive(whole));

        var seen = new List<byte[]>();
        Take(ref port, port.Receive(_batch), seen);

        Assert.Equal([Mtu + 14, 14 + 40 + 1600 - 1460], seen.Select(octets => octets.Length));
    }

    [Fact]
    public void A_full_frame_with_tags_and_a_long_datagram_are_handed_on_as_they_are()
    {
        XskPort port = _kernel.OpenPort();
        byte[] tagged = (Segment with { Payload = new byte[Mtu - 40], Tags = [0x88A8_0064, 0x8100_000A] })
            .Tcp(TcpControl.Ack);
        byte[] datagram = (Segment with { Payload = new byte[1600] }).Udp();
        Assert.True(_kernel.Arrive(tagged) && _kernel.Arrive(datagram));

        var seen = new List<byte[]>();
        Take(ref port, port.Receive(_batch), seen);

        Assert.Equal([tagged, datagram], seen);
        Assert.Equal(0, _merged.GivenUp);
    }

    [Theory]
    [InlineData(1500)]
    [InlineData(1774)] // the largest for a chunk of 2,048
    [InlineData(3822)] // the largest of all
    public void A_segment_with_two_tags_always_fits_a_chunk(uint mtu)
    {
        Assert.True(UmemGeometry.TryFor(mtu, out UmemGeometry geometry));
        using var merged = new MergedFrames((int)Math.Min(mtu, geometry.SegmentMax));
        byte[] chunk = new byte[geometry.ChunkSize - 256];
        merged.Add(
            (Segment with { Payload = new byte[9000], Tags = [0x88A8_0064, 0x8100_000A] }).Tcp(TcpControl.Ack),
            isLast: true);

        while (merged.HasPieces)
        {
            Assert.InRange(merged.Write(chunk), 1, chunk.Length);
        }
    }

    [Fact]
    public void What_cannot_be_cut_is_given_up_and_counted_and_no_chunk_is_lost()
    {
        XskPort port = _kernel.OpenPort();
        for (int i = 0; i < 50; i++)
        {
            Assert.True(_kernel.Arrive(Segment.Udp()));
            Assert.Equal(0, port.Receive(_batch));
        }

        Assert.Equal(50, _merged.GivenUp);
        Assert.Equal(14, _kernel.Fill().Distinct().Count());
    }

    [Fact]
    public void A_frame_longer_than_any_is_given_up_whole()
    {
        byte[] part = new byte[MergedFrame.SizeMax / 2];
        _merged.Add(part, isLast: false);
        _merged.Add(part, isLast: false);
        _merged.Add(part, isLast: true);
        _merged.Add(Segment.Tcp(TcpControl.Ack), isLast: true);

        Assert.Equal(1, _merged.GivenUp);
        Assert.True(_merged.HasPieces);
    }

    private void Take(ref XskPort port, int count, List<byte[]> seen)
    {
        foreach (Frame frame in _batch.AsSpan(0, count))
        {
            seen.Add(port.Bytes(frame).ToArray());
        }

        Assert.Equal(count, port.Transmit(_batch.AsSpan(0, count)));
    }
}
