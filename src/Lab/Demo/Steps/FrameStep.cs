using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>Direct routing, octet by octet: what changes on the way in, and what stays away on the way back.</summary>
internal sealed class FrameStep : IDemoStep
{
    private const int TtlOffset = 22, HeaderChecksumOffset = 24, MacOctets = 12;

    /// <inheritdoc/>
    public string Title => "4. What the director changes in a frame, and the answer that passes it by";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.RoundRobin);
        LabNetwork network = context.Network;
        var client = TapProcess.Start(network[TutorialNetwork.Client], "ens33", "tcp");
        var cable = TapProcess.Start(network.Switch, context.Youxi1.Host.Port, "tcp");
        Dictionary<string, TapProcess> servers = TutorialNetwork.RealServers.ToDictionary(
            name => name, name => TapProcess.Start(network[name], "ens33", "tcp"));

        await context.RequestAsync(20);
        await context.EventuallyAsync( // a tap on a busy machine lags behind
            () => servers.Values.All(tap => FindSyn(client, tap).After is not null), TimeSpan.FromSeconds(5));
        await Task.Delay(200, context.Stop); // the last frames' way through the taps
        foreach ((string name, TapProcess tap) in servers)
        {
            CompareSyns(context, name, client, tap);
        }

        List<CapturedFrame> seen = [.. cable.Frames];
        int answers = seen.Count(frame => frame.Source == TutorialNetwork.Vip && frame.SourcePort == 80);
        int requests = seen.Count(frame => !frame.IsInbound && frame.Destination == TutorialNetwork.Vip);
        int forwarded = seen.Count(frame => frame.IsInbound && frame.Destination == TutorialNetwork.Vip);
        context.Report.Check(
            answers == 0 && requests > 0,
            "the answers go straight to the client: none of them crosses youxi1's cable",
            $"{requests} frames of the client in, {forwarded} out again, {answers} answers");
        foreach (TapProcess tap in (TapProcess[])[client, cable, .. servers.Values])
        {
            await tap.StopAsync();
        }
    }

    private static void CompareSyns(DemoContext context, string server, TapProcess clientTap, TapProcess serverTap)
    {
        (CapturedFrame? before, CapturedFrame? after) = FindSyn(clientTap, serverTap);
        if (before is null || after is null)
        {
            context.Report.Check(false, $"a connection of the client reached {server}", "no SYN of it on ens33");
            return;
        }

        if (server == TutorialNetwork.RealServers[0])
        {
            Print(context.Report, server, before, after);
        }

        Judge(context, server, before, after);
    }

    /// <summary>A SYN as it left the client and as it reached a server; nothing until both taps have it.</summary>
    private static (CapturedFrame? Before, CapturedFrame? After) FindSyn(TapProcess clientTap, TapProcess serverTap)
    {
        CapturedFrame? after = serverTap.Frames.FirstOrDefault(
            frame => frame.IsInbound && frame.IsTcpSyn && frame.Destination == TutorialNetwork.Vip);
        CapturedFrame? before = after is null ? null : clientTap.Frames.FirstOrDefault(
            frame => !frame.IsInbound && frame.IsTcpSyn && frame.Sequence == after.Sequence
                && frame.SourcePort == after.SourcePort);
        return before is null ? (null, null) : (before, after);
    }

    private static void Judge(DemoContext context, string server, CapturedFrame before, CapturedFrame after)
    {
        DemoReport report = context.Report;
        string macs = string.Concat(
            context.Network[server].Mac.Replace(":", "", StringComparison.Ordinal),
            context.Youxi1.Host.Mac.Replace(":", "", StringComparison.Ordinal));
        report.Check(
            Convert.ToHexStringLower(after.Octets[..MacOctets]) == macs,
            $"{server} receives it addressed to its own MAC, from youxi1's");
        report.Check(
            after.Octets[TtlOffset] == before.Octets[TtlOffset] - 1 && TcpChecksum.IsIpv4HeaderRight(after),
            "one hop less to live, and a header checksum that is right");

        int tcpChecksum = before.Layer4 + 16;
        int[] allowed =
        [
            .. Enumerable.Range(0, MacOctets), TtlOffset, HeaderChecksumOffset, HeaderChecksumOffset + 1,
            tcpChecksum, tcpChecksum + 1,
        ];
        List<int> others = [.. FrameDiff.DifferingOffsets(before, after).Except(allowed)];
        report.Check(
            others.Count == 0, "no other octet differs, the TCP checksum aside",
            others.Count == 0 ? "" : $"octets {string.Join(", ", others)} differ");
        TcpChecksumState sent = TcpChecksum.Judge(before), received = TcpChecksum.Judge(after);
        report.Check(
            sent != TcpChecksumState.Wrong && received == TcpChecksumState.Right,
            "the TCP checksum is complete and right where it arrives",
            $"{Words(sent)} at the client, {Words(received)} at {server}");
    }

    private static string Words(TcpChecksumState state) => state switch
    {
        TcpChecksumState.Partial => "the pseudo header only",
        TcpChecksumState.Right => "right",
        _ => "wrong",
    };

    private static void Print(DemoReport report, string server, CapturedFrame before, CapturedFrame after)
    {
        report.Note($"one SYN, as it left the client's ens33 and as it reached {server}'s:");
        report.Quote([$"{"field",-28} {"client",-18} {server,-18}"]);
        foreach (FieldPair pair in FrameDiff.Compare(before, after))
        {
            string sequel = pair.Differs ? $"{pair.After,-18} <- changed" : "same";
            report.Quote([$"{pair.Field,-28} {pair.Before,-18} {sequel}"]);
        }
    }
}
