using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>
/// A frame that wants an answer, of either family and with any number of tags, built octet by octet together with what
/// a reader would say of it.
/// </summary>
internal sealed record Asked
{
    internal const byte Tcp = 6, Udp = 17, Sctp = 132, Icmp = 1, IcmpV6 = 58;

    internal static readonly byte[] OurMac = [2, 0, 0, 0, 0, 1], GatewayMac = [2, 0, 0, 0, 0, 0xFE];

    internal bool IsV4 { get; init; } = true;

    /// <summary>VLAN tags, outermost first: VLAN 5 with priority 3, then 6.</summary>
    internal int Tags { get; init; }

    internal byte Protocol { get; init; } = Tcp;

    internal byte TrafficClass { get; init; }

    internal byte Hops { get; init; } = 64;

    /// <summary>IPv4 options or IPv6 extension headers, as they are; the next header is in the second's first octet.
    /// </summary>
    internal byte[] Between { get; init; } = [];

    internal byte[] Message { get; init; } = [];

    internal byte[] SourceMac { get; init; } = GatewayMac;

    internal string? Source { get; init; }

    internal PacketKind Kind { get; init; }

    internal bool IsFragment { get; init; }

    internal string Client => Source ?? (IsV4 ? "198.51.100.1" : "2001:db8:1::1");

    internal string Vip => IsV4 ? "192.0.2.80" : "2001:db8:2::80";

    internal int NetworkAt => 14 + (4 * Tags);

    internal int HeaderSize => IsV4 ? 20 : 40;

    /// <summary>Two octets more than the packet: link padding, which no answer may quote.</summary>
    internal byte[] Frame
    {
        get
        {
            int packet = HeaderSize + Between.Length + Message.Length;
            byte[] frame = new byte[NetworkAt + packet + 2];
            OurMac.CopyTo(frame, 0);
            SourceMac.CopyTo(frame, 6);
            byte[][] tags = [[0x88, 0xA8, 0x60, 5], [0x81, 0, 0x60, 6]];
            for (int i = 0; i < Tags; i++)
            {
                tags[i + 2 - Tags].CopyTo(frame, 12 + (4 * i));
            }

            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(NetworkAt - 2), IsV4 ? (ushort)0x0800 : (ushort)0x86DD);
            WriteHeader(frame.AsSpan(NetworkAt), packet);
            Between.CopyTo(frame, NetworkAt + HeaderSize);
            if (IsV4)
            {
                TestKit.FrameBuilder.RepairIpv4Checksum(frame);
            }

            Message.CopyTo(frame, NetworkAt + HeaderSize + Between.Length);
            frame.AsSpan(NetworkAt + packet).Fill(0xEE);
            return frame;
        }
    }

    /// <summary>The packet in the frame, which errors quote.</summary>
    internal byte[] Packet => Frame[NetworkAt..^2];

    /// <summary>What a reader says.</summary>
    internal Packet Read()
    {
        bool isTcp = Protocol == Tcp && Message.Length > 13;
        return new Packet
        {
            IsV4 = IsV4,
            Kind = Kind,
            Hops = Hops,
            Protocol = Protocol,
            IsFragment = IsFragment,
            Sender = MacAddress.From(SourceMac),
            Source = Address(Client),
            NetworkAt = (ushort)NetworkAt,
            TransportAt = (ushort)(NetworkAt + HeaderSize + Between.Length),
            End = (ushort)(NetworkAt + HeaderSize + Between.Length + Message.Length),
            Control = isTcp ? (TcpControl)(Message[13] & 0x17) : TcpControl.None,
            Flow = FlowId.ForV4(1, 2, 3, 4, Protocol),
        };
    }

    /// <summary>The answer; empty when there is none.</summary>
    internal byte[] Answer(AnswerKind kind, int mtu = 0)
    {
        byte[] answer = new byte[XdpLvs.Forwarder.Answers.Answer.SizeMax], frame = Frame, before = [.. frame];
        Array.Fill(answer, (byte)0xA5); // whatever was there before
        int length = XdpLvs.Forwarder.Answers.Answer.Write(kind, frame, Read(), mtu, answer);
        Xunit.Assert.Equal(before, frame);
        return answer[..length];
    }

    internal Asked WithTcp(TcpControl flags, uint sequence = 0x11223344, uint acknowledged = 0x55667788,
        int payload = 0, int options = 0)
    {
        byte[] segment = new byte[20 + options + payload];
        BinaryPrimitives.WriteUInt16BigEndian(segment, 50_000);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), 80);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(8), acknowledged);
        segment[12] = (byte)((20 + options) / 4 << 4);
        segment[13] = (byte)flags;
        segment[15] = 0xFF;
        return (this with { Protocol = Tcp, Message = segment }).WithChecksum(16);
    }

    /// <summary>The right checksum of TCP at that place of the message.</summary>
    internal Asked WithChecksum(int at)
    {
        byte[] message = [.. Message];
        message.AsSpan(at, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(
            message.AsSpan(at), (ushort)(Sums.Transport(Address(Client), Address(Vip), Protocol, message) ^ 0xFFFF));
        return this with { Message = message };
    }

    internal static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new ArgumentException(text);

    private void WriteHeader(Span<byte> ip, int size)
    {
        if (!IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_0000u | ((uint)TrafficClass << 20) | 0xABCDE);
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(size - HeaderSize));
            ip[6] = Between.Length > 0 ? (byte)0 : Protocol;
            ip[7] = Hops;
            Address(Client).CopyTo(ip[8..]);
            Address(Vip).CopyTo(ip[24..]);
            return;
        }

        ip[0] = (byte)(0x40 | ((HeaderSize + Between.Length) / 4));
        ip[1] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)size);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], 0x1234);
        ip[6] = 0x40;
        ip[8] = Hops;
        ip[9] = Protocol;
        Address(Client).CopyTo(ip[12..]);
        Address(Vip).CopyTo(ip[16..]);
    }
}
