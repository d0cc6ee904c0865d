using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>A frame that is understood, and what it holds.</summary>
internal sealed record ValidFrame(string Name, byte[] Octets, PacketKind Kind, FlowKey Flow, bool IsFragment = false)
{
    public override string ToString() => Name;
}

/// <summary>Every kind of frame for the services, in both families, with no tag, one and two.</summary>
internal static class ValidFrames
{
    private static readonly ExtensionHeader[][] Chains =
    [
        [],
        [ExtensionHeader.HopByHop()],
        [ExtensionHeader.Options(64)],
        [ExtensionHeader.Routing()],
        [ExtensionHeader.Authentication()],
        [ExtensionHeader.Fragment(0, more: false)], // atomic: a whole packet
        [ExtensionHeader.HopByHop(64), ExtensionHeader.Routing(), ExtensionHeader.Authentication(32),
            ExtensionHeader.Options(16)],
        [ExtensionHeader.HopByHop(), ExtensionHeader.Options(), ExtensionHeader.Fragment(0, more: false),
            ExtensionHeader.Authentication()],
    ];

    internal static IReadOnlyList<ValidFrame> All { get; } =
        [.. from tags in (uint[][])[[], OneTag, TwoTags] from frame in WithTags(tags) select frame];

    private static IEnumerable<ValidFrame> WithTags(uint[] tags)
    {
        string name = $"{tags.Length} tags, ";
        FrameBuilder v4 = ToWeb with { Tags = tags }, v6 = ToWeb6 with { Tags = tags };
        IEnumerable<ValidFrame> whole =
        [
            .. Whole(name + "IPv4", v4),
            .. Whole(name + "IPv4 with 3 words of options", v4 with { OptionWords = 3 }),
            .. Whole(name + "IPv4 with 10 words of options", v4 with { OptionWords = 10 }),
            .. from chain in Chains
               from frame in Whole(name + $"IPv6 with {Describe(chain)}", v6 with { Extensions = chain })
               select frame,
        ];
        return whole.Concat(Pieces(name, v4, v6)).Concat(Errors(name, v4, v6));
    }

    private static IEnumerable<ValidFrame> Whole(string name, FrameBuilder frame)
    {
        FrameBuilder dns = frame with { ToPort = 53 }, signal = frame with { ToPort = 2905, Payload = [1, 2, 3] };
        yield return new(name + ", TCP", frame.Tcp(TcpControl.Syn), PacketKind.Segment, FlowOf(frame, Tcp));
        yield return new(name + ", UDP", dns.Udp(), PacketKind.Segment, FlowOf(dns, Udp));
        yield return new(name + ", SCTP", signal.Sctp(1), PacketKind.Segment, FlowOf(signal, Sctp));
    }

    private static IEnumerable<ValidFrame> Pieces(string name, FrameBuilder v4, FrameBuilder v6)
    {
        FrameBuilder later4 = v4 with { FromPort = 0, ToPort = 0 }, later6 = v6 with { FromPort = 0, ToPort = 0 };
        foreach ((string kind, ushort bits) in ((string, ushort)[])[("middle", 0x2003), ("last", 0x0003)])
        {
            FrameBuilder piece = v4 with { FragmentBits = bits, OptionWords = 1 };
            yield return new(
                $"{name}{kind} piece of IPv4", piece.Ipv4(Udp, new byte[24]), PacketKind.LaterFragment,
                FlowOf(later4, Udp), IsFragment: true);
            piece = v6 with { Extensions = [ExtensionHeader.Options(), ExtensionHeader.Fragment(24, bits > 0x2000)] };
            yield return new(
                $"{name}{kind} piece of IPv6", piece.Ipv6(Udp, new byte[24]), PacketKind.LaterFragment,
                FlowOf(later6, Udp), IsFragment: true);
        }

        yield return new(
            name + "first piece of IPv4", (v4 with { FragmentBits = 0x2000 }).Udp(), PacketKind.Segment,
            FlowOf(v4, Udp), IsFragment: true);
        FrameBuilder first = v6 with { Extensions = [ExtensionHeader.HopByHop(), ExtensionHeader.Fragment(0, true)] };
        yield return new(
            name + "first piece of IPv6", first.Udp(), PacketKind.Segment, FlowOf(v6, Udp), IsFragment: true);
    }

    private static IEnumerable<ValidFrame> Errors(string name, FrameBuilder v4, FrameBuilder v6)
    {
        FrameBuilder hop4 = v4 with { From = 0xC6336301 }, hop6 = v6 with { From = Parse("2001:db8:9::9") };
        foreach ((FrameBuilder hop, FrameBuilder flow, byte[] types) in
            ((FrameBuilder, FrameBuilder, byte[])[])[(hop4, v4, [3, 11, 12]), (hop6, v6, [1, 2, 3, 4])])
        {
            foreach (byte type in types)
            {
                byte[] quoted = (Answer(flow) with { Payload = new byte[40] }).Tcp(TcpControl.Ack);
                yield return new(
                    $"{name}error {type} about TCP", hop.IcmpError(type, quoted), PacketKind.Error, FlowOf(flow, Tcp));
            }

            byte error = types[0];
            yield return new(
                name + "error about SCTP", hop.IcmpError(error, Answer(flow).Sctp(0)), PacketKind.Error,
                FlowOf(flow, Sctp));
        }

        FrameBuilder piece = Answer(v4) with { FragmentBits = 0x2000, OptionWords = 2 };
        yield return new(
            name + "error about a first piece of IPv4", (hop4 with { OptionWords = 1 }).IcmpError(3, piece.Udp()),
            PacketKind.Error, FlowOf(v4, Udp));
        piece = Answer(v6) with { Extensions = [ExtensionHeader.Options(24), ExtensionHeader.Fragment(0, true)] };
        FrameBuilder far = hop6 with { Extensions = [ExtensionHeader.HopByHop()] };
        yield return new(
            name + "error about a first piece of IPv6", far.IcmpError(2, piece.Udp(), octets: 40), PacketKind.Error,
            FlowOf(v6, Udp));
    }

    private static FlowKey FlowOf(FrameBuilder frame, byte protocol) =>
        new(frame.From, frame.FromPort, new ServiceKey(frame.To, frame.ToPort, protocol));

    private static string Describe(ExtensionHeader[] chain) =>
        chain.Length == 0 ? "no extensions" : "extensions " + string.Join('-', chain.Select(header => header.Type));
}
