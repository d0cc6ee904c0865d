using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Linux.Tests;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

/// <summary>The port is here, a peer with plain packet sockets is there.</summary>
public sealed class PacketPortTests
{
    private const int HeaderSize = 42, NumberOffset = HeaderSize, FrameSize = 64;
    private const byte Udp = 17;

    [Fact]
    public void Frames_come_in_order_and_leave_rewritten()
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();
        const int Count = 5_000;
        int sent = 0, back = 0;
        var batch = new Frame[64];
        byte[] seen = new byte[2048];

        Eventually.True(
            () =>
            {
                for (int i = 0; i < 100 && sent < Count && sent - back < 1_000; i++)
                {
                    cable.SendNumbered((uint)sent++);
                }

                int received = port.Receive(batch);
                foreach (Frame frame in batch.AsSpan(0, received))
                {
                    cable.TurnRound(port.Bytes(frame));
                }

                Assert.Equal(received, port.Transmit(batch.AsSpan(0, received)));
                while (cable.TryReceiveBack(seen, out int length))
                {
                    Assert.Equal(FrameSize, length);
                    Assert.Equal((uint)back++, BinaryPrimitives.ReadUInt32BigEndian(seen.AsSpan(NumberOffset)));
                }

                return back == Count;
            },
            "all frames come back");
        Assert.Equal(new PacketLosses(0, 0), cable.Socket.ReadLosses());
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(17, true)]
    [InlineData(1, true)]
    [InlineData(132, true)]
    [InlineData(112, false)]
    [InlineData(50, false)]
    public void Only_what_can_belong_to_a_service_is_admitted(byte protocol, bool admitted)
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();

        cable.SendNumbered(1, protocol);
        cable.SendNumbered(2);

        uint first = Cable.ReceiveOne(ref port);
        Assert.Equal(admitted ? 1u : 2u, first);
    }

    [Theory]
    [InlineData(6, 0, true)]
    [InlineData(17, 0, true)]
    [InlineData(132, 0, true)]
    [InlineData(0, 0, true)] // extension headers
    [InlineData(43, 0, true)]
    [InlineData(44, 0, true)]
    [InlineData(51, 0, true)]
    [InlineData(60, 0, true)]
    [InlineData(50, 0, false)]
    [InlineData(59, 0, false)]
    [InlineData(58, 0, false)]
    [InlineData(58, 1, true)] // errors
    [InlineData(58, 4, true)]
    [InlineData(58, 5, false)]
    [InlineData(58, 128, false)] // echo
    [InlineData(58, 135, false)] // neighbour discovery
    public void The_same_of_IPv6(byte next, byte type, bool admitted)
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();
        byte[] frame = cable.Numbered(1, Udp);
        frame.AsSpan(14).Clear(); // from and to nowhere: no kernel answers
        (frame[12], frame[13], frame[14], frame[20], frame[54]) = (0x86, 0xDD, 0x60, next, type);

        cable.SendFromPeer(frame);
        cable.SendNumbered(2);

        Assert.Equal(admitted ? 0u : 2u, Cable.ReceiveOne(ref port));
    }

    [Theory]
    [InlineData("88a8 0064 8100 000a 0800", true)]
    [InlineData("8100 0064 8100 000a 86dd", true)]
    [InlineData("8100 0064 8100 000a 0806", false)]
    [InlineData("8100 0064 8100 000a 8100", false)] // a third
    public void Two_tags_are_looked_behind(string types, bool admitted)
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();
        byte[] frame = cable.Numbered(1, 112);
        frame = [.. frame[..12], .. Hex.Octets(types), .. frame[14..]];

        cable.SendFromPeer(frame);
        cable.SendNumbered(2);

        Frame first = Cable.ReceiveFrame(ref port);
        Assert.Equal(admitted ? frame.Length : FrameSize, port.Bytes(first).Length);
        Assert.True(!admitted || port.Bytes(first).SequenceEqual(frame));
    }

    [Fact]
    public void A_frame_of_a_full_mtu_fits_with_two_tags_and_no_octet_more()
    {
        const int mtu = 1400, tags = 8;
        using var cable = new Cable(mtu);
        PacketPort port = cable.Socket.OpenPort();
        byte[] frame = cable.Numbered(1, Udp);
        frame = [.. frame[..12], .. Hex.Octets("88a8 0064 8100 000a 0800"), .. frame[14..]];
        byte[] full = [.. frame, .. new byte[mtu - 50]];

        cable.SendFromPeer([.. full, 0]);
        cable.SendFromPeer(full);

        Assert.Equal(14 + tags + mtu, full.Length);
        Assert.Equal(full.Length, port.Bytes(Cable.ReceiveFrame(ref port)).Length);
        Assert.Equal(1, cable.Socket.ReadLosses().Oversized);
    }

    [Fact]
    public void Frames_of_other_kinds_stations_and_directions_cost_nothing()
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();

        byte[] frame = cable.Numbered(1, Udp);
        frame[12] = 0x08;
        frame[13] = 0x06; // ARP
        cable.SendFromPeer(frame);
        frame = cable.Numbered(2, Udp);
        frame[5] ^= 1; // another station
        cable.SendFromPeer(frame);
        cable.SendFromHere(cable.Numbered(3, Udp)); // outgoing
        cable.SendNumbered(4);

        Assert.Equal(4u, Cable.ReceiveOne(ref port));
    }

    [Fact]
    public void A_tag_that_the_kernel_took_off_is_put_back()
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();
        byte[] plain = cable.Numbered(7, Udp);
        byte[] tagged = [.. plain[..12], 0x81, 0x00, 0x60, 0x2A, .. plain[12..]];
        cable.SendFromPeer(tagged);

        Frame frame = Cable.ReceiveFrame(ref port);

        Assert.Equal(tagged, port.Bytes(frame).ToArray());
        cable.TurnRound(port.Bytes(frame));
        Assert.Equal(1, port.Transmit([frame]));
        byte[] seen = new byte[2048];
        Eventually.True(() => cable.TryReceiveBack(seen, out int length) && length == FrameSize, "it comes back");
    }

    [Fact]
    public void A_frame_beyond_the_mtu_is_given_up_and_counted()
    {
        using var cable = new Cable(mtu: FrameSize - 14);
        PacketPort port = cable.Socket.OpenPort();

        cable.SendFromPeer([.. cable.Numbered(1, Udp), 0]);
        cable.SendNumbered(2);

        Assert.Equal(2u, Cable.ReceiveOne(ref port));
        Assert.Equal(new PacketLosses(0, 1), cable.Socket.ReadLosses());
    }

    [Fact]
    public void A_frame_keeps_its_octets_until_it_is_given_up_and_the_kernel_counts_what_it_loses()
    {
        using var cable = new Cable(geometry: new PacketGeometry(4096, 4, 16));
        PacketPort port = cable.Socket.OpenPort();
        cable.SendNumbered(1);
        Frame held = Cable.ReceiveFrame(ref port);
        byte[] octets = port.Bytes(held).ToArray();

        long lost = 0;
        var batch = new Frame[64];
        uint number = 2;
        Eventually.True(
            () =>
            {
                for (int i = 0; i < 50; i++)
                {
                    cable.SendNumbered(number++);
                }

                foreach (Frame frame in batch.AsSpan(0, port.Receive(batch)))
                {
                    Assert.NotEqual(held.Address, frame.Address);
                    port.Recycle(frame);
                }

                lost = cable.Socket.ReadLosses().RingFull;
                return lost > 0;
            },
            "the ring is full");
        Assert.Equal(octets, port.Bytes(held).ToArray());
        Assert.True(cable.Socket.ReadLosses().RingFull >= lost); // adds up although the kernel forgets

        port.Recycle(held);
        uint last = 0xFFFF_0000;
        Eventually.True(
            () =>
            {
                cable.SendNumbered(last);
                Span<Frame> received = batch.AsSpan(0, port.Receive(batch));
                bool seen = false;
                foreach (Frame frame in received)
                {
                    seen |= BinaryPrimitives.ReadUInt32BigEndian(port.Bytes(frame)[NumberOffset..]) == last;
                    port.Recycle(frame);
                }

                return seen;
            },
            "frames come again");
    }

    [Fact]
    public void A_full_transmit_ring_refuses_and_recovers()
    {
        const int Slots = 16;
        using var cable = new Cable(geometry: new PacketGeometry(4096, 64, Slots));
        PacketPort port = cable.Socket.OpenPort();
        var frames = new Frame[Slots + 4];
        for (int i = 0; i < frames.Length; i++)
        {
            cable.SendNumbered((uint)i);
            frames[i] = Cable.ReceiveFrame(ref port);
        }

        cable.Network.IpHere("link set e0 down"); // the kernel sends nothing now, so that the ring fills
        Assert.Equal(Slots, port.Transmit(frames));

        cable.Network.IpHere("link set e0 up");
        Eventually.True(
            () =>
            {
                cable.SendNumbered(99);
                var batch = new Frame[64];
                int received = port.Receive(batch);
                return received > 0 && port.Transmit(batch.AsSpan(0, received)) == received;
            },
            "the ring has room again");
    }

    [Fact]
    public void Allocates_nothing_once_warm()
    {
        using var cable = new Cable();
        PacketPort port = cable.Socket.OpenPort();
        var batch = new Frame[64];
        byte[] frame = cable.Numbered(1, Udp), seen = new byte[2048];
        long before = 0;
        int forwarded = 0;
        for (int i = 0; i < 20_000; i++)
        {
            before = i == 2_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            cable.SendFromPeer(frame);
            int received = port.Receive(batch);
            forwarded += port.Transmit(batch.AsSpan(0, received));
            cable.TryReceiveBack(seen, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(forwarded > 0);
    }

    [Fact]
    public void A_program_of_the_callers_replaces_the_filter()
    {
        using var cable = new Cable();

        var refused = Assert.Throws<XdpLvs.Linux.LinuxException>(
            () => cable.Network.Here.Run(() => PacketSocket.Open(cable.Network.HereLink.Index, "e0", 1500, 0)));

        Assert.StartsWith("setsockopt AF_PACKET e0 filter: ", refused.Message, StringComparison.Ordinal);
    }
}
