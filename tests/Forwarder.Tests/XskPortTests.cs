using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Xdp;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

public sealed unsafe class XskPortTests : IDisposable
{
    private readonly FakeKernel _kernel = new(start: 0);
    private readonly Frame[] _batch = new Frame[64];

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Begins_with_every_frame_in_the_fill_ring()
    {
        _kernel.OpenPort();

        Assert.Equal(Enumerable.Range(0, 16).Select(i => (ulong)i * 2048), _kernel.Fill());
    }

    [Fact]
    public void Receives_what_arrived_with_its_octets()
    {
        XskPort port = _kernel.OpenPort();
        Assert.Equal(0, port.Receive(_batch));
        Assert.True(_kernel.Arrive(60));
        Assert.True(_kernel.Arrive(61));
        (_kernel.FrameAt(256)[0], _kernel.FrameAt(256)[59]) = (0xAB, 0xCD);

        Assert.Equal(2, port.Receive(_batch));

        Assert.Equal([new Frame(256, 60), new Frame(2048 + 256, 61)], _batch[..2]);
        Span<byte> octets = port.Bytes(_batch[0]);
        Assert.Equal((60, 0xAB, 0xCD), (octets.Length, octets[0], octets[59]));
    }

    [Fact]
    public void Receives_no_more_than_the_batch_holds()
    {
        XskPort port = _kernel.OpenPort();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_kernel.Arrive(60));
        }

        Assert.Equal(3, port.Receive(_batch.AsSpan(0, 3)));
        Assert.Equal(2, port.Receive(_batch));
    }

    [Fact]
    public void A_recycled_frame_goes_back_as_its_whole_chunk()
    {
        XskPort port = _kernel.OpenPort();
        _kernel.Arrive(60);
        port.Receive(_batch);
        Assert.Equal(256ul, _batch[0].Address);

        port.Recycle(_batch[0]);
        port.Receive(_batch);

        Assert.Equal(0ul, _kernel.Fill()[^1]);
        Assert.Equal(16, _kernel.Fill().Count);
    }

    [Fact]
    public void A_sent_frame_comes_back_as_its_whole_chunk()
    {
        XskPort port = _kernel.OpenPort();
        _kernel.Arrive(60);
        Assert.Equal(1, port.Transmit(_batch.AsSpan(0, port.Receive(_batch))));
        _kernel.Complete(1);
        port.Receive(_batch);

        Assert.Equal(0ul, _kernel.Fill()[^1]);
        Assert.Equal(16, _kernel.Fill().Count);
    }

    [Fact]
    public void What_finds_no_room_to_be_sent_goes_back_to_the_fill_ring()
    {
        _kernel.Accepts = false;
        XskPort port = _kernel.OpenPort();
        Assert.Equal(8, Receive(ref port, 8));
        Assert.Equal(8, port.Transmit(_batch.AsSpan(0, 8)));
        Assert.Equal(5, Receive(ref port, 5));

        Assert.Equal(0, port.Transmit(_batch.AsSpan(0, 5)));
        port.Receive(_batch);

        Assert.Equal(16 - 8, _kernel.Fill().Count);
        Assert.True(port.HasBacklog);
    }

    [Fact]
    public void Kicks_once_when_one_kick_takes_all()
    {
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 8)));

        Assert.Equal(1, _kernel.Kicks);
        Assert.False(port.HasBacklog);
    }

    [Fact]
    public void Kicks_again_while_a_kick_leaves_some()
    {
        _kernel.Budget = 3;
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 8)));

        Assert.Equal(3, _kernel.Kicks);
        Assert.False(port.HasBacklog);
    }

    [Fact]
    public void Stops_kicking_when_the_kernel_takes_nothing()
    {
        _kernel.Budget = 0;
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 8)));
        Assert.Equal(1, _kernel.Kicks);

        int before = _kernel.Kicks;
        _kernel.Accepts = false;
        port.Receive(_batch);
        Assert.Equal(before + 1, _kernel.Kicks);
    }

    [Fact]
    public void Does_not_kick_a_kernel_that_looks_by_itself()
    {
        _kernel.NeedsWakeup = false;
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 8)));
        port.Receive(_batch);

        Assert.Equal(0, _kernel.Kicks);
        Assert.True(port.HasBacklog);
    }

    [Fact]
    public void Does_not_kick_when_there_is_nothing_to_send()
    {
        XskPort port = _kernel.OpenPort();
        port.Receive(_batch);
        port.Transmit([]);

        Assert.Equal(0, _kernel.Kicks);
    }

    [Fact]
    public void Kicks_for_what_waits_when_nothing_arrives()
    {
        _kernel.Accepts = false;
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 2)));
        _kernel.Accepts = true;

        port.Receive(_batch);

        Assert.False(port.HasBacklog);
    }

    [Fact]
    public void Kicks_for_what_waits_while_nothing_but_frames_to_drop_arrives()
    {
        _kernel.Accepts = false;
        XskPort port = _kernel.OpenPort();
        port.Transmit(_batch.AsSpan(0, Receive(ref port, 2)));
        _kernel.Accepts = true;

        Assert.Equal(1, Receive(ref port, 1));
        port.Recycle(_batch[0]);
        port.Transmit([]);

        Assert.False(port.HasBacklog);
    }

    [Theory]
    [InlineData(1, 0u)]
    [InlineData(2, 0u)]
    [InlineData(3, uint.MaxValue - 100)] // all indices wrap on the way
    [InlineData(4, uint.MaxValue)]
    public void Every_frame_is_always_in_exactly_one_place(int seed, uint start)
    {
        var random = new Random(seed);
        using var kernel = new FakeKernel(start);
        XskPort port = kernel.OpenPort();
        List<Frame> owned = [];
        List<ulong> givenBack = []; // recycled, but shown to the kernel only by the next Receive
        for (int i = 0; i < 10_000; i++)
        {
            kernel.Budget = random.Next(0, 5);
            kernel.Accepts = random.Next(4) > 0;
            kernel.NeedsWakeup = random.Next(4) > 0;
            switch (random.Next(6))
            {
                case 0:
                    kernel.Arrive((uint)random.Next(14, 1500));
                    break;
                case 1:
                    kernel.Take(random.Next(4));
                    kernel.Complete(random.Next(4));
                    break;
                case 2:
                    owned.AddRange(_batch[..port.Receive(_batch.AsSpan(0, random.Next(1, 9)))]);
                    givenBack.Clear();
                    break;
                case 3 when owned.Count > 0:
                    port.Recycle(owned[0]);
                    givenBack.Add(owned[0].Address / FakeKernel.ChunkSize);
                    owned.RemoveAt(0);
                    break;
                default:
                    Frame[] sent = [.. owned.Take(random.Next(9))];
                    int queued = port.Transmit(sent);
                    Assert.InRange(queued, 0, sent.Length);
                    givenBack.AddRange(sent[queued..].Select(frame => frame.Address / FakeKernel.ChunkSize));
                    owned.RemoveRange(0, sent.Length);
                    break;
            }

            IEnumerable<ulong> all = kernel.Chunks().Concat(givenBack)
                .Concat(owned.Select(frame => frame.Address / FakeKernel.ChunkSize));
            Assert.Equal(Enumerable.Range(0, (int)FakeKernel.FrameCount).Select(n => (ulong)n), all.Order());
        }
    }

    private int Receive(ref XskPort port, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(_kernel.Arrive(60));
        }

        return port.Receive(_batch);
    }
}
