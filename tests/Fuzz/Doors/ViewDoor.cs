using System;
using System.Collections.Generic;
using XdpLvs.Director.Tools;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Fuzz.Doors;

/// <summary>Every view on its own: what it opened, it can read. And the words that replay has for a frame.</summary>
internal sealed class ViewDoor : IFuzzDoor
{
    private static readonly byte[] Protocols = [6, 17, 132, 47];

    public string Name => "views";

    public int InputsPerMillion => 200_000;

    /// <summary>Whole frames, and the packets and messages in them.</summary>
    public IReadOnlyList<byte[]> Seeds { get; } = Layers();

    public string Feed(byte[] input)
    {
        int opened = 0;
        opened += Ethernet(input) ? 1 : 0;
        opened += V4([.. input]) ? 1 : 0;
        opened += V6([.. input]) ? 1 : 0;
        opened += Errors([.. input]) ? 1 : 0;
        foreach (byte protocol in Protocols)
        {
            opened += Transport(protocol, [.. input]) ? 1 : 0;
            opened += Chain(protocol, input) ? 1 : 0;
        }

        if (FrameText.Describe([.. input]).Length == 0)
        {
            throw new BrokenRuleException("a frame without a word for it");
        }

        return opened == 0 ? "opened by no view" : $"opened by {opened} of the views";
    }

    public void Dispose()
    {
        // nothing is held
    }

    private static List<byte[]> Layers()
    {
        var layers = new List<byte[]>();
        foreach (byte[] frame in Frames.Seeds)
        {
            layers.Add(frame);
            layers.Add(frame[Math.Min(14, frame.Length)..]);
            layers.Add(frame[Math.Min(34, frame.Length)..]);
            layers.Add(frame[Math.Min(54, frame.Length)..]);
        }

        return layers;
    }

    private static bool Ethernet(byte[] octets)
    {
        bool opens = EthernetView.TryOpen(octets, out EthernetView view);
        _ = opens ? (view.Target, view.Source, view.Type, view.Payload.Length) : default;
        return opens;
    }

    private static bool V4(byte[] octets)
    {
        if (Ipv4View.TryOpenQuoted(octets, out Ipv4View quoted))
        {
            _ = (quoted.Source, quoted.Target, quoted.Protocol, quoted.IsFragment, quoted.Payload.Length);
        }

        if (!Ipv4View.TryOpen(octets, out Ipv4View view))
        {
            return false;
        }

        _ = (view.HasValidChecksum, view.IsFragment, view.IsLaterFragment, view.Identification, view.HeaderSize,
            view.MayNotFragment, view.TimeToLive, view.Protocol, view.Source, view.Target, view.PseudoHeaderSum);
        view.CountHop();
        return view.Payload.Length >= 0;
    }

    private static bool V6(byte[] octets)
    {
        if (Ipv6View.TryOpenQuoted(octets, out Ipv6View quoted))
        {
            _ = (quoted.Source, quoted.Target, quoted.NextHeader, quoted.Payload.Length);
        }

        if (!Ipv6View.TryOpen(octets, out Ipv6View view))
        {
            return false;
        }

        _ = (view.HopLimit, view.Source, view.Target, view.PseudoHeaderSum(6, view.Payload.Length));
        view.CountHop();
        return Chain(view.NextHeader, view.Payload.ToArray()) || view.Payload.Length >= 0;
    }

    private static bool Errors(byte[] octets)
    {
        bool opensV4 = IcmpErrorView.TryOpen(octets, out IcmpErrorView v4);
        _ = opensV4 ? (v4.HasValidChecksum, v4.QuotesFlow ? v4.Flow : default) : default;
        bool opensV6 = Icmpv6ErrorView.TryOpen(octets, out Icmpv6ErrorView v6);
        _ = opensV6 && v6.QuotesFlow ? v6.Flow : default;
        return opensV4 || opensV6;
    }

    private static bool Transport(byte protocol, byte[] octets)
    {
        if (!TransportView.TryOpen(protocol, octets, out TransportView view))
        {
            return false;
        }

        _ = (view.SourcePort, view.TargetPort, view.Flags, view.Chunk);
        view.CompleteChecksum(0x12345);
        return true;
    }

    private static bool Chain(byte first, byte[] octets)
    {
        bool opens = Ipv6ChainView.TryOpen(first, octets, Ipv6ChainView.HeadersMax, out Ipv6ChainView view);
        _ = opens ? (view.Protocol, view.Size, view.IsFragment, view.IsLaterFragment) : default;
        _ = opens && view.IsFragment ? view.Identification : 0;
        return opens && (view.Size <= octets.Length ? true : throw new BrokenRuleException("longer than its packet"));
    }
}
