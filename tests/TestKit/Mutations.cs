using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.TestKit;

/// <summary>
/// Good frames of every kind made bad: octets changed, ends cut off or padded, often with the IPv4 header checksum
/// repaired, so that what lies behind it is looked at too.
/// </summary>
/// <remarks>All from one seed. Not for several threads.</remarks>
public sealed class Mutations
{
    /// <summary>Who is talked to: services on TCP, UDP and SCTP ports 80 to 84 of both addresses.</summary>
    public static readonly IpAddress Vip = 0xC0000250u, VipV6 = new(0x20010DB8_00020000, 0x80);

    /// <summary>The director and who forwards the clients' frames to it.</summary>
    public static readonly MacAddress Director = new(0x02_00_00_00_00_01), Gateway = new(0x02_00_00_00_00_FE);

    /// <summary>Ports: served, without a real server, with one whose MAC is not known, with one behind a network of
    /// 1,000 octets, persistent, and not served.</summary>
    public const int Served = 80, Unserved = 81, Unresolved = 82, Narrow = 83, Persistent = 84, NotServed = 85;

    private const int FirstPort = Served, LastPort = NotServed, Pieces = 400;

    private static readonly byte[] Interesting =
        [0, 1, 3, 4, 6, 8, 11, 12, 17, 20, 28, 29, 40, 43, 44, 51, 58, 60, 0x45, 0x4F, 0x5F, 0x60, 0x81, 80, 132, 255];

    private static readonly byte[] ErrorTypesV4 = [3, 11, 12];
    private static readonly byte[] Chunks = [0, 1, 1, 2, 3, 6, 7, 8, 9, 10, 11, 14];

    private readonly Random _random;
    private readonly List<Func<FrameBuilder, byte[]>> _kinds;

    /// <summary>The same seed, the same frames.</summary>
    public Mutations(int seed)
    {
        _random = new Random(seed);
        _kinds =
        [
            to => to.Tcp(TcpControl.Syn),
            to => to.Tcp(TcpControl.Syn),
            to => to.Tcp(TcpControl.Ack),
            to => to.Tcp(TcpControl.Ack),
            to => to.Tcp(TcpControl.Fin | TcpControl.Ack),
            to => to.Tcp(TcpControl.Reset),
            to => to.Udp(),
            to => to.Udp(),
            to => to.Sctp(Pick(Chunks)),
            to => to.Sctp(Pick(Chunks)),
            to => Piece(to.Udp()),
            to => Piece(to.Tcp(TcpControl.Syn)),
            to => Piece((to with { Extensions = [], Payload = new byte[3000] }).Udp()),
            to => Error(to, AnswerTo(to).Tcp(TcpControl.Ack)),
            to => Error(to, AnswerTo(to).Udp()),
            to => Error(to, AnswerTo(to).Sctp(0)),
            to => to.IcmpMessage(to.From.IsV4 ? (byte)8 : (byte)128, new byte[56]),
            to => to.IcmpMessage(135, new byte[24]), // an IPv6 neighbour's question
            to => to.Packet((byte)_random.Next(256), new byte[40]),
            to => (to with { Type = 0x0806 }).Udp(),
            to => (to with { TimeToLive = 1 }).Tcp(TcpControl.Syn),
            to => (to with { SourceMac = Director }).Tcp(TcpControl.Syn),
            to => (to with { Payload = new byte[1400] }).Tcp(TcpControl.Ack),
            to => (to with { Payload = new byte[1400] }).Udp(),
        ];
    }

    /// <summary>The next one, mutated or as it should be.</summary>
    /// <param name="octetsMin">No shorter than that.</param>
    public byte[] Next(int octetsMin = 0)
    {
        byte[] frame = _kinds[_random.Next(_kinds.Count)](Base());
        for (int changes = Math.Max(_random.Next(6) - 2, 0); changes > 0; changes--)
        {
            int at = _random.Next(Math.Min(frame.Length, _random.Next(4) == 0 ? 14 : 120));
            frame[at] = _random.Next(3) switch
            {
                0 => (byte)_random.Next(256),
                1 => (byte)(frame[at] ^ (1 << _random.Next(8))),
                _ => Pick(Interesting),
            };
        }

        if (_random.Next(4) == 0)
        {
            Array.Resize(ref frame, Math.Max(octetsMin, _random.Next(frame.Length + 20)));
        }

        if (_random.Next(5) > 0)
        {
            Repair(frame);
        }

        return frame;
    }

    /// <summary>Octets that never were a frame.</summary>
    public byte[] Noise()
    {
        byte[] frame = new byte[_random.Next(120)];
        _random.NextBytes(frame);
        return frame;
    }

    private static void Repair(byte[] frame)
    {
        int at = 14;
        while (at + 20 <= frame.Length && ((frame[at - 2] == 0x81 && frame[at - 1] == 0)
            || (frame[at - 2] == 0x88 && frame[at - 1] == 0xA8)))
        {
            at += 4;
        }

        if (at + 20 <= frame.Length && frame[at] >> 4 == 4 && (frame[at] & 15) >= 5
            && at + ((frame[at] & 15) * 4) <= frame.Length)
        {
            FrameBuilder.RepairIpv4Checksum(frame);
        }
    }

    private static FrameBuilder AnswerTo(FrameBuilder to) => to with
    {
        From = to.To, FromPort = to.ToPort, To = to.From, ToPort = to.FromPort, Tags = [], Extensions = [],
        Payload = new byte[30],
    };

    /// <summary>Someone's frame to some port, of either family, plainly or not.</summary>
    private FrameBuilder Base()
    {
        bool isV4 = _random.Next(5) < 3;
        uint client = (uint)_random.Next(30);
        return new FrameBuilder
        {
            TargetMac = Director,
            SourceMac = Gateway,
            From = isV4 ? 0xC6336400u + client : new IpAddress(0x20010DB8_00010000, client),
            FromPort = (ushort)(1024 + _random.Next(4)),
            To = isV4 ? Vip : VipV6,
            ToPort = (ushort)_random.Next(FirstPort, LastPort + 1),
            Tags = Tags(),
            OptionWords = isV4 && _random.Next(8) == 0 ? _random.Next(11) : 0,
            Extensions = !isV4 && _random.Next(4) == 0 ? Extensions() : [],
            Payload = _random.Next(2) == 0 ? [] : new byte[_random.Next(60)],
            Padding = _random.Next(8) == 0 ? _random.Next(20) : 0,
            Checksum = (ChecksumKind)_random.Next(3),
        };
    }

    private uint[] Tags() => _random.Next(10) switch
    {
        0 => [0x8100_0005],
        1 => [0x88A8_0005, 0x8100_0006],
        2 when _random.Next(5) == 0 => [0x88A8_0005, 0x8100_0006, 0x8100_0007],
        _ => [],
    };

    private ExtensionHeader[] Extensions() => _random.Next(5) switch
    {
        0 => [ExtensionHeader.HopByHop()],
        1 => [ExtensionHeader.Options(16)],
        2 => [ExtensionHeader.HopByHop(), ExtensionHeader.Routing(), ExtensionHeader.Options()],
        3 => [ExtensionHeader.Authentication()],
        _ => [ExtensionHeader.Fragment(0, more: false)],
    };

    /// <summary>One piece of a packet of which the others may come as well, in whatever order.</summary>
    private byte[] Piece(byte[] frame)
    {
        int at = FrameBuilder.NetworkAt(frame);
        bool isPlain = frame[at] >> 4 == 4 || frame[at + 6] is 6 or 17 or 132;
        if (!isPlain)
        {
            return frame; // extension headers: not to be cut here
        }

        IReadOnlyList<byte[]> pieces = Fragments.Of(frame, 8 * (1 + _random.Next(120)), (uint)_random.Next(Pieces));
        return pieces[_random.Next(3) > 0 ? 0 : _random.Next(pieces.Count)];
    }

    private byte[] Error(FrameBuilder to, byte[] about)
    {
        byte type = to.From.IsV4 ? Pick(ErrorTypesV4) : (byte)_random.Next(1, 5);
        return to.IcmpError(type, about, 8 + _random.Next(40), word: 1280);
    }

    private byte Pick(byte[] some) => some[_random.Next(some.Length)];
}
