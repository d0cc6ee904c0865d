using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>AF_XDP with the program in the driver.</summary>
public sealed class NativeLab() : TrafficLab("xdp", 1);

/// <summary>The same, two queues, two workers.</summary>
public sealed class NativeTwoQueuesLab() : TrafficLab("xdp", 2);

/// <summary>AF_XDP with the program above the driver.</summary>
public sealed class GenericLab() : TrafficLab("xdp-generic", 1);

/// <summary>The same, two queues, two workers.</summary>
public sealed class GenericTwoQueuesLab() : TrafficLab("xdp-generic", 2);

/// <summary>AF_PACKET rings.</summary>
public sealed class PacketLab() : TrafficLab("packet", 1);

/// <summary>The matrix's first row, and the one that every test run has.</summary>
public sealed class TrafficOnXdpNative(NativeLab lab) : TrafficCells(lab), IClassFixture<NativeLab>;

/// <summary>The matrix's second row.</summary>
[Trait("Group", "Traffic")]
public sealed class TrafficOnXdpNativeTwoQueues(NativeTwoQueuesLab lab)
    : TrafficCells(lab), IClassFixture<NativeTwoQueuesLab>
{
    [Fact]
    public Task Every_queue_has_its_share() => AssertEveryQueueHasItsShareAsync();
}

/// <summary>The matrix's third row.</summary>
[Trait("Group", "Traffic")]
public sealed class TrafficOnXdpGeneric(GenericLab lab) : TrafficCells(lab), IClassFixture<GenericLab>;

/// <summary>The matrix's fourth row.</summary>
[Trait("Group", "Traffic")]
public sealed class TrafficOnXdpGenericTwoQueues(GenericTwoQueuesLab lab)
    : TrafficCells(lab), IClassFixture<GenericTwoQueuesLab>
{
    [Fact]
    public Task Every_queue_has_its_share() => AssertEveryQueueHasItsShareAsync();
}

/// <summary>The matrix's fifth row: one ring is all that AF_PACKET has.</summary>
[Trait("Group", "Traffic")]
public sealed class TrafficOnPacketRings(PacketLab lab) : TrafficCells(lab), IClassFixture<PacketLab>;
