using System;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// Good frames made bad: octets changed, ends cut off or padded, often with the header checksum repaired.
/// </summary>
internal sealed class Mutations(int seed)
{
    private static readonly FrameBuilder Answer = ToWeb with
    {
        From = Vip, FromPort = 80, To = Client, ToPort = ClientPort,
    };

    private static readonly byte[][] Good =
    [
        ToWeb.Tcp(TcpControl.Syn),
        ToWeb.Tcp(TcpControl.Ack),
        (ToWeb with { OptionWords = 3, Payload = new byte[30] }).Tcp(TcpControl.Syn),
        (ToWeb with { Padding = 6, Checksum = ChecksumKind.Partial }).Tcp(TcpControl.Syn),
        ToDns.Udp(),
        (ToDns with { Payload = new byte[11], Checksum = ChecksumKind.Partial }).Udp(),
        (ToWeb with { FragmentBits = 0x2000 }).Udp(),
        ToWeb.IcmpError(3, Answer.Tcp(TcpControl.Ack)),
        ToWeb.IcmpError(11, (Answer with { FromPort = 53 }).Udp()),
        (ToWeb with { OptionWords = 1 }).IcmpError(12, (Answer with { OptionWords = 2 }).Tcp(TcpControl.Ack), 20),
        ToWeb.IcmpMessage(8, new byte[56]),
        ToWeb.Ipv4(132, new byte[30]),
        (ToWeb with { ToPort = 22 }).Tcp(TcpControl.Syn),
        (ToWeb with { Type = 0x0806 }).Udp(),
        (ToWeb with { TimeToLive = 1 }).Tcp(TcpControl.Syn),
    ];

    private static readonly byte[] Interesting =
        [0, 1, 3, 4, 6, 8, 11, 12, 17, 20, 28, 29, 40, 0x45, 0x4F, 0x5F, 80, 255];

    private readonly Random _random = new(seed);

    /// <summary>The next one: no shorter than <paramref name="octetsMin"/>.</summary>
    internal byte[] Next(int octetsMin)
    {
        byte[] frame = [.. Good[_random.Next(Good.Length)]];
        for (int changes = _random.Next(4); changes > 0; changes--)
        {
            int at = _random.Next(Math.Min(frame.Length, _random.Next(4) == 0 ? 14 : 80));
            frame[at] = _random.Next(3) switch
            {
                0 => (byte)_random.Next(256),
                1 => (byte)(frame[at] ^ (1 << _random.Next(8))),
                _ => Interesting[_random.Next(Interesting.Length)],
            };
        }

        if (_random.Next(3) == 0)
        {
            Array.Resize(ref frame, _random.Next(octetsMin, frame.Length + 20));
        }

        if (_random.Next(5) > 0 && frame.Length >= 34 && frame.Length >= 14 + ((frame[14] & 0x0F) * 4)
            && (frame[14] & 0x0F) >= 5)
        {
            FrameBuilder.RepairIpv4Checksum(frame);
        }

        return frame;
    }

    /// <summary>Octets that never were a frame.</summary>
    internal byte[] Noise()
    {
        byte[] frame = new byte[_random.Next(120)];
        _random.NextBytes(frame);
        return frame;
    }
}
