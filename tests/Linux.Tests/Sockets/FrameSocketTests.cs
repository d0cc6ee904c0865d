using System;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Sockets;

public sealed class FrameSocketTests
{
    private const long Second = 1_000_000;

    private static readonly byte[] Broadcast = Frame("ffffffffffff");

    [Fact]
    public void A_frame_crosses_the_wire_and_is_seen_leaving()
    {
        using var network = new TestNetwork();
        using FrameSocket sender = network.Here.Run(() => new FrameSocket(network.HereLink.Index, receive: false));
        using FrameSocket tap = network.Here.Run(() => new FrameSocket(network.HereLink.Index));
        using FrameSocket peer = network.There.Run(() => new FrameSocket(network.ThereLink.Index));

        Assert.Equal(0, sender.Send(Broadcast));

        Assert.Equal(1, Await(peer, Broadcast).PacketType);
        Assert.True(Await(tap, Broadcast).IsOutgoing);
        Assert.False(sender.TryReceive(new byte[2048], 0, out _));
    }

    [Fact]
    public void A_frame_for_another_station_says_so()
    {
        using var network = new TestNetwork();
        using FrameSocket sender = network.Here.Run(() => new FrameSocket(network.HereLink.Index, receive: false));
        using FrameSocket peer = network.There.Run(
            () => new FrameSocket(network.ThereLink.Index, promiscuous: true));
        byte[] frame = Frame("020000000099");

        sender.Send(frame);

        Assert.Equal(3, Await(peer, frame).PacketType);
        Assert.Contains("PROMISC", TestNetwork.Run("ip", $"-d -n {network.ThereName} link show e1")!
            .Replace("promiscuity 1", "PROMISC", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_ends_at_the_time_out()
    {
        using var network = new TestNetwork();
        using FrameSocket peer = network.There.Run(() => new FrameSocket(network.ThereLink.Index));
        network.IpThere("link set e1 down");
        byte[] target = new byte[2048];
        TappedFrame frame = default;

        // What the kernel had sent by itself comes first.
        Eventually.True(() => !peer.TryReceive(target, 20_000, out frame), "silence");

        Assert.Equal(0, frame.Length);
    }

    private static byte[] Frame(string target)
    {
        byte[] frame = new byte[60];
        Hex.Octets(target + "020000000001 88b5").CopyTo(frame, 0); // EtherType for local experiments
        frame[20] = 0x5A;
        return frame;
    }

    private static TappedFrame Await(FrameSocket socket, byte[] wanted)
    {
        byte[] target = new byte[2048];
        while (socket.TryReceive(target, 5 * Second, out TappedFrame frame))
        {
            if (target.AsSpan(0, frame.Length).SequenceEqual(wanted))
            {
                return frame;
            }
        }

        Assert.Fail("the frame never came");
        return default;
    }
}
