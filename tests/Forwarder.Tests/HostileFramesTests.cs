using System.Linq;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// Whatever arrives: nothing throws, nothing is allocated, every frame leaves by one door, and no frame is lost.
/// </summary>
[Collection(nameof(AllocationTests))]
public sealed class HostileFramesTests
{
    private const int Count = 100_000;

    private static readonly FrameBuilder Answer = ToWeb with { From = Vip, FromPort = 80, To = Client };

    /// <summary>What no cut may turn into something good: TCP, options, SCTP, an error, tags.</summary>
    private static readonly byte[][] Good =
    [
        ToWeb.Tcp(TcpControl.Ack),
        (ToDns with { OptionWords = 10 }).Udp(),
        ToWeb.Sctp(1),
        ToWeb.IcmpError(3, (Answer with { ToPort = ClientPort }).Udp()),
        (ToWeb with { Tags = [0x8100_0005] }).Tcp(TcpControl.Syn),
        (ToWeb with { Tags = [0x88A8_0005, 0x8100_0006] }).Tcp(TcpControl.Syn),
        Fragments.Of((ToDns with { Payload = new byte[2000] }).Udp(), 1000, 1)[1],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_frame_leaves_by_exactly_one_door_and_every_door_is_used(int seed)
    {
        MutationResult result = MutationRun.Run(Count, seed);

        Assert.InRange(result.Received, Count, Count + 64);
        Assert.Equal(result.Received, result.Doors.Values.Sum());
        Assert.Equal(
            result.Sent, result.Doors.Where(door => door.Key <= Outcome.AnsweredTooBig).Sum(door => door.Value));
        Assert.All(result.Doors, door => Assert.True(door.Value > 0, $"{door.Key} was never seen"));
        Assert.Equal((0, 0L), (result.Owned, result.Allocated));
    }

    [Fact]
    public void The_same_seed_runs_the_same_way() =>
        Assert.Equal(MutationRun.Run(5000, 4).Doors, MutationRun.Run(5000, 4).Doors);

    [Fact]
    public void A_good_frame_cut_at_any_length_does_no_harm()
    {
        using var world = new World(Service(Web, A), Service(Dns, A));

        foreach (byte[] frame in Good)
        {
            for (int length = 0; length < frame.Length; length++)
            {
                Assert.Equal(Outcome.Malformed, world.Route(frame[..length]));
            }
        }
    }
}
