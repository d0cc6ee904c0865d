using System;
using System.Linq;
using XdpLvs.Forwarder.Tables;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Whatever arrives: nothing throws, every frame leaves by one door, and no frame is lost.</summary>
public sealed class HostileFramesTests
{
    private const int Count = 30_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_frame_leaves_by_exactly_one_door(int seed)
    {
        var mutations = new Mutations(seed);
        var wire = new MemoryWire();
        long octets = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] frame = i % 4 == 0 ? mutations.Noise() : mutations.Next(octetsMin: 0);
            wire.Arriving.Add(frame);
            octets += frame.Length;
        }

        using var world = new World(Service(Web, A, B), Service(Dns, A));
        var counters = new OutcomeCounters();
        var loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(wire), new TablePublisher(world.Table), world.Router, counters);
        uint now = 0;
        while (loop.RunOnce(now++) > 0)
        {
        }

        Outcome[] doors = Enum.GetValues<Outcome>();
        Assert.Equal(Count, doors.Sum(counters.Frames));
        Assert.Equal(octets, doors.Sum(counters.Octets));
        Assert.Equal(counters.Frames(Outcome.Forwarded), wire.SentCount);
        Assert.Equal(Count, wire.SentCount + wire.RecycledCount);
        Assert.Equal(0, wire.Owned);
        Outcome[] rare = [Outcome.TransmitFull, Outcome.NoNeighbour, Outcome.NoRealServer, Outcome.Loop];
        Assert.All(doors.Except(rare), door => Assert.True(counters.Frames(door) > 0, $"{door} was never seen"));
    }

    [Fact]
    public void A_good_frame_cut_at_any_length_does_no_harm()
    {
        using var world = new World(Service(Web, A), Service(Dns, A));
        byte[] answer = (ToWeb with { From = Vip, FromPort = 80, To = Client, ToPort = ClientPort }).Udp();
        byte[][] frames = [ToWeb.Tcp(0), (ToDns with { OptionWords = 10 }).Udp(), ToWeb.IcmpError(3, answer)];

        foreach (byte[] frame in frames)
        {
            for (int length = 0; length < frame.Length; length++)
            {
                Assert.Equal(Outcome.Malformed, world.Route(frame[..length]));
            }
        }
    }
}
