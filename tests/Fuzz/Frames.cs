using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Fuzz;

/// <summary>Frames of every kind, and what becomes of them when octets change.</summary>
internal sealed class Frames(int seed)
{
    private const int EthernetSize = 14, Ipv4SizeMin = 20, LengthMax = 2000;

    private readonly Random _random = new(seed);

    /// <summary>Good ones, of every kind and from many clients.</summary>
    internal static IReadOnlyList<byte[]> Seeds { get; } = Build();

    /// <summary>The next one, mostly with a right header checksum.</summary>
    internal byte[] Next(Octets octets)
    {
        byte[] frame = octets.Next(Seeds);
        frame = frame.Length > LengthMax ? frame[..LengthMax] : frame;
        int header = frame.Length > EthernetSize ? (frame[EthernetSize] & 0x0F) * 4 : 0;
        bool isV4 = header >= Ipv4SizeMin && frame.Length >= EthernetSize + header && frame[12] == 8 && frame[13] == 0;
        if (isV4 && _random.Next(5) > 0)
        {
            FrameBuilder.RepairIpv4Checksum(frame);
        }

        return frame;
    }

    private static List<byte[]> Build()
    {
        var frames = new List<byte[]>();
        foreach (uint[] tags in new uint[][] { [], OneTag, TwoTags })
        {
            for (ushort port = 1; port <= 40; port++)
            {
                AddClient(frames, ToWeb with { FromPort = port, From = Client + (uint)(port % 7), Tags = tags });
                AddClient(frames, ToWeb6 with { FromPort = port, Tags = tags });
            }
        }

        return frames;
    }

    private static void AddClient(List<byte[]> frames, FrameBuilder toWeb)
    {
        FrameBuilder toDns = toWeb with { ToPort = 53 }, toSignal = toWeb with { ToPort = 2905 };
        frames.AddRange(
        [
            toWeb.Tcp(TcpControl.Syn),
            toWeb.Tcp(TcpControl.Ack),
            toWeb.Tcp(TcpControl.Ack | TcpControl.Fin),
            toWeb.Tcp(TcpControl.Reset),
            (toWeb with { Payload = new byte[1000] }).Tcp(TcpControl.Ack),
            (toWeb with { OptionWords = 3, Padding = 6, Checksum = ChecksumKind.Partial }).Tcp(TcpControl.Syn),
            (toWeb with { Extensions = [ExtensionHeader.HopByHop(), ExtensionHeader.Routing()] }).Tcp(TcpControl.Syn),
            (toWeb with { TimeToLive = 1 }).Tcp(TcpControl.Ack),
            (toWeb with { SourceMac = toWeb.TargetMac }).Tcp(TcpControl.Ack),
            (toWeb with { ToPort = 22 }).Tcp(TcpControl.Syn),
            toDns.Udp(),
            (toDns with { Payload = new byte[11], Checksum = ChecksumKind.Partial }).Udp(),
            toSignal.Sctp(1),
            toSignal.Sctp(0),
            toSignal.Sctp(14),
            toWeb.IcmpError((byte)(toWeb.From.IsV4 ? 3 : 1), Answer(toWeb).Tcp(TcpControl.Ack)),
            toWeb.IcmpError((byte)(toWeb.From.IsV4 ? 11 : 3), Answer(toDns).Udp()),
            toWeb.IcmpMessage((byte)(toWeb.From.IsV4 ? 8 : 128), new byte[30]),
            (toWeb with { Type = 0x0806 }).Udp(),
            .. Fragments.Of((toDns with { Payload = new byte[1200] }).Udp(), 600, toWeb.FromPort),
        ]);
    }
}
