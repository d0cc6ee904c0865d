using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Linux;
using XdpLvs.Linux.Sockets;
using XdpLvs.Linux.Tests;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

/// <summary>A packet socket here and a peer there, and the numbered frames that pass between them.</summary>
internal sealed class Cable : IDisposable
{
    private const int NumberOffset = 42;
    private const byte Udp = 17;

    private readonly FrameSocket _peer;
    private readonly FrameSocket _sender;

    public Cable(int mtu = 1500, PacketGeometry? geometry = null)
    {
        Network = new TestNetwork();
        Socket = Network.Here.Run(() => PacketSocket.Open(
            Network.HereLink.Index, "e0", mtu, -1, geometry ?? PacketGeometry.Usual));
        _peer = Network.There.Run(() => new FrameSocket(Network.ThereLink.Index));
        const int SO_RCVBUFFORCE = 33;
        Syscalls.SetOption(_peer.Descriptor, level: 1, SO_RCVBUFFORCE, 8 << 20, "a wide ear");
        _sender = Network.Here.Run(() => new FrameSocket(Network.HereLink.Index, receive: false));
    }

    public TestNetwork Network { get; }

    public PacketSocket Socket { get; }

    /// <summary>From the peer to here: Ethernet, IPv4, UDP ports, a number.</summary>
    public byte[] Numbered(uint number, byte protocol)
    {
        byte[] frame = new byte[64];
        WriteMac(frame, Network.HereLink.Mac);
        WriteMac(frame.AsSpan(6), Network.ThereLink.Mac);
        frame[12] = 8;
        frame[14] = 0x45;
        frame[17] = 50;
        frame[22] = 64;
        frame[23] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(26), 0xC0000201); // from and to nowhere: no kernel answers
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(30), 0xC0000202);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(NumberOffset), number);
        return frame;
    }

    public void SendNumbered(uint number, byte protocol = Udp) => SendFromPeer(Numbered(number, protocol));

    public void SendFromPeer(ReadOnlySpan<byte> frame) => Send(_peer, frame);

    public void SendFromHere(ReadOnlySpan<byte> frame) => Send(_sender, frame);

    /// <summary>Points a frame back at the peer, as the forwarder points it at a real server.</summary>
    public void TurnRound(Span<byte> frame)
    {
        WriteMac(frame, Network.ThereLink.Mac);
        WriteMac(frame[6..], Network.HereLink.Mac);
    }

    /// <summary>The next frame from here to the peer that is not the kernel's own.</summary>
    public bool TryReceiveBack(Span<byte> target, out int length)
    {
        while (_peer.TryReceive(target, 0, out TappedFrame frame))
        {
            length = frame.Length;
            if (frame.PacketType == 0 && target[12] == 8 && target[13] == 0 && target[26] == 0xC0)
            {
                return true;
            }
        }

        length = 0;
        return false;
    }

    public static Frame ReceiveFrame(ref PacketPort port)
    {
        var one = new Frame[1];
        PacketPort local = port;
        Eventually.True(() => local.Receive(one) > 0, "a frame comes");
        port = local;
        return one[0];
    }

    public static uint ReceiveOne(ref PacketPort port)
    {
        Frame frame = ReceiveFrame(ref port);
        uint number = BinaryPrimitives.ReadUInt32BigEndian(port.Bytes(frame)[NumberOffset..]);
        port.Recycle(frame);
        return number;
    }

    public void Dispose()
    {
        Socket.Dispose();
        _peer.Dispose();
        _sender.Dispose();
        Network.Dispose();
    }

    private static void Send(FrameSocket socket, ReadOnlySpan<byte> frame)
    {
        if (socket.Send(frame) != 0) // Assert.Equal would allocate, and one test counts
        {
            Assert.Fail("the frame was not sent");
        }
    }

    private static void WriteMac(Span<byte> target, ulong mac)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)(mac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)(mac & 0xFFFFFFFF));
    }
}
