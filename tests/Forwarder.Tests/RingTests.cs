using XdpLvs.Forwarder.Rings;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The test plays the kernel: it owns the other index.</summary>
public sealed unsafe class RingTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue - 1)] // the indices wrap in the middle of the test
    public void A_producer_shows_nothing_before_publish_and_everything_after(uint start)
    {
        uint producer = start, consumer = start;
        ulong* slots = stackalloc ulong[4];
        var ring = new ProducerRing<ulong>(&producer, &consumer, slots, capacity: 4);

        for (ulong i = 0; i < 3; i++)
        {
            Assert.True(ring.TryPush(10 + i));
        }

        Assert.Equal(start, producer);
        ring.Publish();
        Assert.Equal(unchecked(start + 3), producer);
        for (uint i = 0; i < 3; i++)
        {
            Assert.Equal(10ul + i, slots[unchecked(start + i) & 3]);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue - 1)]
    public void A_producer_refuses_when_full_and_goes_on_when_the_kernel_has_taken_one(uint start)
    {
        uint producer = start, consumer = start;
        ulong* slots = stackalloc ulong[4];
        var ring = new ProducerRing<ulong>(&producer, &consumer, slots, capacity: 4);
        for (ulong i = 0; i < 4; i++)
        {
            Assert.True(ring.TryPush(i));
        }

        Assert.False(ring.TryPush(4));
        consumer = unchecked(start + 1);
        Assert.True(ring.TryPush(4));
        Assert.False(ring.TryPush(5));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void A_producer_has_a_backlog_until_the_kernel_has_taken_all(uint start)
    {
        uint producer = start, consumer = start;
        ulong* slots = stackalloc ulong[4];
        var ring = new ProducerRing<ulong>(&producer, &consumer, slots, capacity: 4);
        Assert.False(ring.HasBacklog);

        ring.TryPush(1);
        ring.TryPush(2);
        ring.Publish();
        Assert.True(ring.HasBacklog);
        consumer = unchecked(start + 1);
        Assert.True(ring.HasBacklog);
        consumer = unchecked(start + 2);
        Assert.False(ring.HasBacklog);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue - 1)]
    public void A_consumer_takes_the_oldest_first_and_stops_when_empty(uint start)
    {
        uint producer = start, consumer = start;
        ulong* slots = stackalloc ulong[4];
        var ring = new ConsumerRing<ulong>(&producer, &consumer, slots, capacity: 4);
        Assert.False(ring.TryPop(out _));

        for (uint i = 0; i < 4; i++)
        {
            slots[unchecked(start + i) & 3] = 10 + i;
        }

        producer = unchecked(start + 4);
        for (uint i = 0; i < 4; i++)
        {
            Assert.True(ring.TryPop(out ulong item));
            Assert.Equal(10ul + i, item);
        }

        Assert.False(ring.TryPop(out ulong none));
        Assert.Equal(0ul, none);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void A_consumer_gives_slots_back_only_on_release(uint start)
    {
        uint producer = unchecked(start + 2), consumer = start;
        ulong* slots = stackalloc ulong[4];
        var ring = new ConsumerRing<ulong>(&producer, &consumer, slots, capacity: 4);

        ring.TryPop(out _);
        ring.TryPop(out _);
        Assert.Equal(start, consumer);
        ring.Release();
        Assert.Equal(unchecked(start + 2), consumer);
    }

    [Fact]
    public void A_ring_begins_where_the_kernel_s_indices_stand()
    {
        uint producer = 7, consumer = 5;
        ulong* slots = stackalloc ulong[4];
        (slots[1], slots[2]) = (50, 60);
        var ring = new ConsumerRing<ulong>(&producer, &consumer, slots, capacity: 4);

        Assert.True(ring.TryPop(out ulong first));
        Assert.True(ring.TryPop(out ulong second));
        Assert.False(ring.TryPop(out _));
        Assert.Equal((50ul, 60ul), (first, second));
    }
}
