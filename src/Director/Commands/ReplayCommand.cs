using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using SharpPcap;
using XdpLvs.Config;
using XdpLvs.Director.Forwarding;
using XdpLvs.Director.Tools;
using XdpLvs.Director.Tools.Replay;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Commands;

/// <summary>What to replay, and how.</summary>
/// <param name="ConfigPath">keepalived.conf.</param>
/// <param name="Input">Capture to read.</param>
/// <param name="Output">Capture to write; null: none.</param>
/// <param name="OwnMac">The director's; null: that of the first frame to a virtual address.</param>
/// <param name="Macs">Real servers' MAC addresses, as far as known.</param>
/// <param name="Mtu">Octets of the largest packet that real servers take; 0 sets no limit.</param>
/// <param name="Quiet">Only the counts.</param>
internal sealed record ReplayOptions(
    string ConfigPath,
    string Input,
    string? Output,
    MacAddress? OwnMac,
    IReadOnlyDictionary<IpAddress, MacAddress> Macs,
    int Mtu,
    bool Quiet);

/// <summary>xdplvs replay: a capture through the production loop, without root and without a network.</summary>
internal sealed class ReplayCommand(ReplayOptions options, TextWriter output, TextWriter complaints)
{
    private readonly Dictionary<long, string> _texts = [];
    private ReplayTable? _services;
    private long _cutOff;

    /// <summary>Runs it. Returns the exit code.</summary>
    internal int Run()
    {
        ParseResult read = ConfigReader.Load(options.ConfigPath);
        complaints.Write(DiagnosticFormatter.FormatAll(read with
        {
            Diagnostics = read.Diagnostics.RemoveAll(finding => finding.Severity == Severity.Notice),
        }));
        if (read.FileProblem)
        {
            return ExitCode.NoConfig;
        }

        _services = new ReplayTable(read.Config, options.Macs, options.Mtu, complaints.WriteLine);
        if (_services.VirtualAddresses.Count == 0)
        {
            complaints.WriteLine($"xdplvs: {options.ConfigPath} has no virtual_server that could take a frame");
            return ExitCode.Usage;
        }

        try
        {
            Replay();
            return ExitCode.Fine;
        }
        catch (IOException error)
        {
            complaints.WriteLine($"xdplvs: {error.Message}");
            return ExitCode.Fatal;
        }
    }

    private void Replay()
    {
        (MacAddress first, long seenAt, long frames) = LookThrough();
        MacAddress own = options.OwnMac ?? first;
        SayWho(own, seenAt);
        using CaptureReader reader = CaptureFiles.OpenReader(options.Input);
        using CaptureWriter? writer = options.Output is { } path ? CaptureFiles.OpenWriter(path) : null;
        using var run = new ReplayRun(_services!, own, frames, writer);
        try
        {
            while (reader.TryRead(out ReadOnlySpan<byte> octets, out PosixTimeval time, out int length))
            {
                byte[] frame = octets.ToArray();
                string what = options.Quiet ? "" : FrameText.Describe(frame);
                IReadOnlyList<ReplayedFrame> ended = run.Take(frame, time);
                Say(run, ended, what, frame.Length, length);
            }
        }
        finally
        {
            SayCounts(run); // of a damaged file, too, what was whole
        }
    }

    /// <summary>
    /// The destination MAC of the first frame to a virtual address, that frame's number (0: none), and how many frames
    /// there are.
    /// </summary>
    private (MacAddress Own, long SeenAt, long Frames) LookThrough()
    {
        using CaptureReader reader = CaptureFiles.OpenReader(options.Input);
        (MacAddress own, long seenAt, long frames) = (default, 0, 0);
        try
        {
            for (; reader.TryRead(out ReadOnlySpan<byte> octets, out _, out _); frames++)
            {
                if (seenAt == 0 && IsForUs(octets.ToArray()))
                {
                    (own, seenAt) = (MacAddress.From(octets), frames + 1);
                }
            }
        }
        catch (IOException)
        {
            // damaged at its end: said when the frames before it have been replayed
        }

        return (own, seenAt, frames);
    }

    private bool IsForUs(byte[] frame)
    {
        const int macSize = 6;
        return frame.Length >= macSize
            && PacketReader.Read(frame, MacAddress.From(frame), out Packet packet) == Outcome.Forwarded
            && _services!.VirtualAddresses.Contains(packet.Flow.ToKey().Service.Address);
    }

    private void SayWho(MacAddress own, long seenAt)
    {
        if (options.OwnMac is null && seenAt == 0)
        {
            complaints.WriteLine("xdplvs: no frame of this capture goes to a virtual server's address; --own-mac says "
                + "which frames came to the director all the same");
        }

        if (options.Quiet)
        {
            return;
        }

        string how = options.OwnMac is not null ? "as told"
            : seenAt > 0 ? Text($"to which frame {seenAt} goes") : "unknown";
        output.WriteLine($"director {own}, {how}");
        foreach ((MacAddress mac, IpAddress address) in _services!.Addresses)
        {
            output.WriteLine($"real server {address} is {mac}{(options.Macs.ContainsKey(address) ? "" : ", made up")}");
        }
    }

    private void Say(ReplayRun run, IReadOnlyList<ReplayedFrame> ended, string what, int captured, int length)
    {
        bool isCutOff = captured < length;
        _cutOff += isCutOff ? 1 : 0;
        if (options.Quiet)
        {
            return;
        }

        string cut = isCutOff ? Text($", {captured} of {length} octets captured") : "";
        _texts[run.Frames] = Text($"{run.Frames,7} {run.Seconds,12:0.000000}  {what}{cut}");
        SayEnded(ended);
    }

    private void SayEnded(IReadOnlyList<ReplayedFrame> ended)
    {
        foreach (ReplayedFrame frame in options.Quiet ? [] : ended)
        {
            _texts.Remove(frame.Number, out string? text);
            output.WriteLine($"{text}: {ForwarderInterface.Name(frame.Outcome)}{Target(frame)}");
        }
    }

    private string Target(ReplayedFrame frame) =>
        frame.Outcome is not (Outcome.Forwarded or Outcome.ForwardedStateless) ? ""
        : _services!.Addresses.TryGetValue(frame.Target, out IpAddress address) ? $" to {address}"
        : $" to {frame.Target}";

    private void SayCounts(ReplayRun run)
    {
        SayEnded(run.Finish());
        output.WriteLine(Text($"{run.Frames} frames in {run.Seconds:0.000000} s"));
        foreach (Outcome door in Enum.GetValues<Outcome>())
        {
            output.WriteLine(Text($"  {ForwarderInterface.Name(door),-44} {run.Counters.Frames(door),12}"));
        }

        if (_cutOff > 0)
        {
            output.WriteLine(Text($"{_cutOff} of them were captured in part (tcpdump -s): malformed here"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
