using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using XdpLvs.Director.Tools.Capture;
using Xunit;

namespace XdpLvs.Director.Tests.Tools;

/// <summary>Runs alone: a collection that another test causes would count as an allocation of this thread.</summary>
[CollectionDefinition(nameof(TapRingTests), DisableParallelization = true)]
[Collection(nameof(TapRingTests))]
public sealed class TapRingTests
{
    private readonly byte[] _buffer = new byte[CaptureRecord.Size + 2048];

    [Fact]
    public void Frames_come_out_in_order_with_their_way_and_their_time()
    {
        TapRing ring = Ring(4096);
        DateTime before = TimeProvider.System.GetUtcNow().UtcDateTime;

        ring.Begin();
        ring.Arrived([1]);
        ring.Arrived([2, 2]);
        ring.Leaving([3]);
        ring.Left(1);

        (CaptureKind Kind, byte[] Octets, long Ticks)[] seen = [.. Drain(ring)];
        Assert.Equal([CaptureKind.In, CaptureKind.In, CaptureKind.Out], seen.Select(each => each.Kind));
        Assert.Equal([[1], [2, 2], [3]], seen.Select(each => each.Octets));
        Assert.True(before.Ticks <= seen[0].Ticks && seen[0].Ticks == seen[1].Ticks && seen[1].Ticks <= seen[2].Ticks);
        Assert.Equal(0, ring.Lost);
    }

    [Fact]
    public void A_frame_that_found_no_room_on_the_wire_did_not_leave()
    {
        TapRing ring = Ring(4096);
        ring.Leaving([1]);
        ring.Leaving([2]);
        ring.Leaving([3]);
        Assert.False(ring.TryPeek(out _)); // not before it is sure

        ring.Left(2);
        ring.Leaving([4]);
        ring.Left(0);
        ring.Leaving([5]);
        ring.Left(1);

        Assert.Equal([[1], [2], [5]], Drain(ring).Select(each => each.Octets));
        Assert.Equal(0, ring.Lost);
    }

    [Fact]
    public void What_finds_no_room_is_counted_and_there_is_room_again_once_it_was_read()
    {
        TapRing ring = Ring(256);
        for (byte i = 0; i < 20; i++)
        {
            ring.Arrived([i, 1, 2, 3, 4, 5, 6, 7, 8]); // 32 octets each
        }

        ring.Leaving([99]);
        ring.Left(1);

        Assert.Equal(13, ring.Lost);
        Assert.Equal(Enumerable.Range(0, 8), Drain(ring).Select(each => (int)each.Octets[0]));
        ring.Arrived([42]);
        Assert.Equal(42, Drain(ring).Single().Octets[0]);
        ring.Arrived(new byte[241]); // longer than the ring
        Assert.Equal(14, ring.Lost);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_comes_nothing_is_lost_that_is_not_counted(int seed)
    {
        var random = new Random(seed);
        TapRing ring = Ring(1024);
        var expected = new Queue<byte[]>();
        long lost = 0, offered = 0, read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] frame = new byte[random.Next(4, 200)];
            random.NextBytes(frame);
            long before = ring.Lost;
            int left = random.Next(2);
            if (random.Next(2) == 0)
            {
                ring.Arrived(frame);
                left = 1;
            }
            else
            {
                ring.Leaving(frame);
                ring.Left(left);
            }

            offered += left;
            if (left == 1 && ring.Lost == before)
            {
                expected.Enqueue(frame);
            }

            lost = ring.Lost;
            while (random.Next(3) == 0 && ring.Read(_buffer) is > 0 and var length)
            {
                Assert.Equal(expected.Dequeue(), _buffer[CaptureRecord.Size..length]);
                read++;
            }
        }

        Assert.Equal(offered, read + expected.Count + lost);
        Assert.InRange(lost, 1, offered / 2);
    }

    [Fact]
    public void A_reader_beside_the_worker_sees_every_frame_that_was_not_lost()
    {
        const int frames = 300_000;
        TapRing ring = Ring(1 << 14);
        var worker = new Thread(() =>
        {
            byte[] frame = new byte[60];
            for (int i = 0; i < frames; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(frame, i);
                frame[59] = frame[0];
                ring.Arrived(frame.AsSpan(0, 60));
            }
        });
        worker.Start();

        int last = -1;
        long read = 0;
        bool isOver = false;
        while (!isOver)
        {
            isOver = worker.Join(0); // before the last look
            while (ring.Read(_buffer) > 0)
            {
                int number = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(CaptureRecord.Size));
                Assert.True(number > last, $"{number} after {last}");
                Assert.Equal((byte)(number & 0xFF), _buffer[CaptureRecord.Size + 59]);
                last = number;
                read++;
            }
        }

        Assert.Equal(frames, read + ring.Lost);
    }

    [Fact]
    public void The_worker_allocates_nothing()
    {
        TapRing ring = Ring(1 << 16);
        byte[] frame = new byte[100];
        Turn(ring, frame);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Turn(ring, frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(ring.Lost > 0); // the full ring too
    }

    private static void Turn(TapRing ring, byte[] frame)
    {
        ring.Begin();
        ring.Arrived(frame);
        ring.Leaving(frame);
        ring.Leaving(frame);
        ring.Left(1);
    }

    private static TapRing Ring(int size) => new(TimeProvider.System, size);

    private IEnumerable<(CaptureKind Kind, byte[] Octets, long Ticks)> Drain(TapRing ring)
    {
        while (ring.TryPeek(out long ticks))
        {
            int length = ring.Read(_buffer);
            var record = CaptureRecord.Read(_buffer);
            Assert.Equal((length, ticks), (CaptureRecord.Size + record.Length, record.Value));
            yield return (record.Kind, _buffer[CaptureRecord.Size..length], ticks);
        }
    }
}
