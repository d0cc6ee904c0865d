using System;
using System.Buffers.Binary;
using System.Linq;
using XdpLvs.Forwarder.Tests.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Steering;

/// <summary>Frames of every kind for services and for the kernel, with octets changed and ends cut off.</summary>
/// <param name="seed">Of what is done to them.</param>
/// <param name="good">What they are before; those of every kind when nobody says otherwise.</param>
internal sealed class SteeringFrames(int seed, byte[][]? good = null)
{
    /// <summary>Where services of all ports are: of TCP, and of UDP in IPv6.</summary>
    internal static readonly IpAddress AllPorts = Vip + 7, AllPorts6 = Parse("2001:db8::7");

    private static readonly byte[] Interesting =
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 17, 20, 28, 40, 43, 44, 50, 51, 58, 59, 60, 0x45, 0x46, 0x4F, 0x60, 80, 81,
            128, 132, 135, 0x88, 0xA8, 0xDD, 255];

    private static readonly byte[][] Good = [.. ValidFrames.All.Select(frame => frame.Octets), .. Others()];

    private readonly Random _random = new(seed);
    private readonly byte[][] _good = good ?? Good;

    internal byte[] Next()
    {
        byte[] frame = [.. _good[_random.Next(_good.Length)]];
        int network = FrameBuilder.NetworkAt(frame);
        for (int changes = _random.Next(4); changes > 0; changes--)
        {
            int at = _random.Next(6) == 0 ? _random.Next(network) : _random.Next(network, frame.Length);
            frame[at] = _random.Next(3) switch
            {
                0 => (byte)_random.Next(256),
                1 => (byte)(frame[at] ^ (1 << _random.Next(8))),
                _ => Interesting[_random.Next(Interesting.Length)],
            };
        }

        if (_random.Next(8) == 0)
        {
            Array.Resize(ref frame, _random.Next(14, frame.Length + 20));
        }

        if (_random.Next(8) > 0)
        {
            Repair(frame, network);
        }

        return frame;
    }

    /// <summary>Makes lengths and IPv4's checksums right again where the frame still allows it.</summary>
    private static void Repair(byte[] frame, int network)
    {
        if (frame.Length < network + 40)
        {
            return;
        }

        Span<byte> packet = frame.AsSpan(network);
        if (packet[0] >> 4 == 6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
            return;
        }

        int header = Math.Max(5, packet[0] & 0x0F) * 4;
        if (packet[0] >> 4 == 4 && packet.Length >= header + 8)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            packet[0] = (byte)(0x40 | (header / 4));
            FrameBuilder.RepairChecksum(packet[..header], 10);
            if (packet[9] == 1)
            {
                FrameBuilder.RepairChecksum(packet[header..], 2);
            }
        }
    }

    private static byte[][] Others()
    {
        FrameBuilder ssh = ToWeb with { ToPort = 22 }, ssh6 = ToWeb6 with { ToPort = 22 };
        FrameBuilder any = ToWeb with { To = AllPorts, ToPort = 4711 };
        FrameBuilder any6 = ToWeb6 with { To = AllPorts6, ToPort = 4711 };
        ExtensionHeader options = ExtensionHeader.Options();
        return
        [
            (ToWeb with { Type = 0x0806 }).Udp(),
            ssh.Tcp(TcpControl.Syn), ssh6.Tcp(TcpControl.Syn), ToWeb.Udp(), ToWeb6.Udp(), ToDns6.Tcp(TcpControl.Syn),
            ToWeb.IcmpMessage(8, new byte[56]), ToWeb6.IcmpMessage(128, new byte[56]),
            ToWeb6.IcmpMessage(135, new byte[24]),
            ToWeb.IcmpError(3, Answer(ssh).Tcp(TcpControl.Ack)), ToWeb6.IcmpError(1, Answer(ssh6).Tcp(TcpControl.Ack)),
            ToWeb6.Ipv6(50, new byte[40]), ToWeb6.Ipv6(59, new byte[8]), ToWeb.Ipv4(112, new byte[20]),
            any.Tcp(TcpControl.Syn), any.Udp(), any6.Udp(), any6.Tcp(TcpControl.Syn),
            ToWeb.IcmpError(11, Answer(any).Tcp(TcpControl.Ack)), ToWeb6.IcmpError(2, Answer(any6).Udp()),
            (ToWeb6 with { Extensions = [options, options, options, options, options] }).Tcp(TcpControl.Syn),
            (ToWeb6 with { Extensions = [ExtensionHeader.Options(72)] }).Tcp(TcpControl.Syn),
            (ToWeb6 with { Extensions = [ExtensionHeader.Routing(1)] }).Tcp(TcpControl.Syn),
            (ToWeb6 with { Extensions = [ExtensionHeader.Authentication(12)] }).Tcp(TcpControl.Syn),
            (ToDns6 with { Extensions = [ExtensionHeader.Fragment(0, true), options] }).Udp(),
            .. Fragments.Of((ToDns with { Payload = new byte[40] }).Udp(), 24, 77),
            .. Fragments.Of((ToDns6 with { Payload = new byte[40] }).Udp(), 24, 77),
            .. Fragments.Of((ToDns with { ToPort = 54, Payload = new byte[40] }).Udp(), 24, 77),
            .. Fragments.Of((ToDns6 with { ToPort = 54, Payload = new byte[40] }).Udp(), 24, 77),
            .. Fragments.Of(ToWeb.IcmpMessage(8, new byte[56]), 24, 78),
            .. Fragments.Of(ToWeb6.IcmpMessage(128, new byte[56]), 24, 78),
        ];
    }
}
