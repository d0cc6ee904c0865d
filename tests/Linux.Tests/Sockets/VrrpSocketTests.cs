using System;
using System.Buffers.Binary;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Sockets;

public sealed class VrrpSocketTests
{
    [Fact]
    public void A_multicast_packet_reaches_the_other_side_and_not_its_sender()
    {
        using var network = new TestNetwork();
        using VrrpSocket here = Open(network, hereSide: true), there = Open(network, hereSide: false);
        byte[] packet = Packet(TestNetwork.HereAddress, VrrpSocket.Group);
        byte[] received = new byte[256];

        Assert.Equal(0, here.Send(packet, VrrpSocket.Group));

        int length = 0;
        Eventually.True(() => there.TryReceive(received, out length), "the packet comes");
        Assert.Equal(packet.Length, length);
        Assert.Equal(255, received[8]);
        Assert.Equal(112, received[9]);
        Assert.Equal(packet[12..], received[12..length]);
        Assert.False(here.TryReceive(received, out _));
        Assert.False(there.TryReceive(received, out length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_unicast_packet_reaches_the_other_side()
    {
        using var network = new TestNetwork();
        using VrrpSocket here = Open(network, hereSide: true), there = Open(network, hereSide: false);
        byte[] received = new byte[256];

        Assert.Equal(
            0, here.Send(Packet(TestNetwork.HereAddress, TestNetwork.ThereAddress), TestNetwork.ThereAddress));

        Eventually.True(() => there.TryReceive(received, out _), "the packet comes");
    }

    [Fact]
    public void A_link_that_is_down_is_an_errno_and_not_an_exception()
    {
        using var network = new TestNetwork();
        using VrrpSocket here = Open(network, hereSide: true);
        byte[] packet = Packet(TestNetwork.HereAddress, VrrpSocket.Group);
        network.IpHere("link set e0 down");

        int refused = here.Send(packet, VrrpSocket.Group);
        Assert.Contains(refused, new[] { Errno.ENETUNREACH, Errno.ENETDOWN, Errno.EINVAL });
        Assert.False(here.TryReceive(new byte[256], out _));

        network.IpHere("link set e0 up");
        Eventually.True(() => here.Send(packet, VrrpSocket.Group) == 0, "the link is back");
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing()
    {
        using var network = new TestNetwork();
        using VrrpSocket here = Open(network, hereSide: true), there = Open(network, hereSide: false);
        byte[] packet = Packet(TestNetwork.HereAddress, VrrpSocket.Group);
        byte[] received = new byte[256];
        here.Send(packet, VrrpSocket.Group);
        there.TryReceive(received, out _);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            here.Send(packet, VrrpSocket.Group);
            there.TryReceive(received, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_link_that_is_not_there_is_named()
    {
        using var network = new TestNetwork();
        var refused = Assert.Throws<LinuxException>(() => network.Here.Run(() => new VrrpSocket(4711, "nope0")));
        Assert.Equal("setsockopt VRRP on nope0: ENODEV (No such device)", refused.Message);
    }

    private static VrrpSocket Open(TestNetwork network, bool hereSide) => hereSide
        ? network.Here.Run(() => new VrrpSocket(network.HereLink.Index, "e0"))
        : network.There.Run(() => new VrrpSocket(network.ThereLink.Index, "e1"));

    private static byte[] Packet(uint source, uint target)
    {
        byte[] packet = Hex.Octets("45c0 0020 0001 0000 ff70 0000 00000000 00000000" + "3101 6401 0064 0000 0a4d0064");
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), source);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), target);
        return packet;
    }
}
