using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Processes;

/// <summary>Listens on one interface of a host and keeps every frame it saw.</summary>
public sealed class TapProcess
{
    private readonly LabProcess _process;
    private readonly List<CapturedFrame> _frames = [];
    private int _read;

    private TapProcess(LabProcess process) => _process = process;

    /// <summary>Starts a tap and returns when it listens.</summary>
    /// <param name="host">Where; the switch for both directions of a host's cable.</param>
    /// <param name="link">Which interface.</param>
    /// <param name="only">"arp", "vrrp", "tcp", several with commas; empty is everything.</param>
    /// <param name="inboundOnly">Leaves out what is sent here: a flood of it would delay the tap.</param>
    public static TapProcess Start(LabHost host, string link, string only = "", bool inboundOnly = false)
    {
        string[] filter = only.Length > 0 ? ["--only", only] : [];
        string[] inbound = inboundOnly ? ["--inbound"] : [];
        return new TapProcess(LabTools.Start(host, $"tap {host.Name} {link}", ["tap", link, .. filter, .. inbound]));
    }

    /// <summary>The frames so far, oldest first.</summary>
    public IReadOnlyList<CapturedFrame> Frames
    {
        get
        {
            lock (_frames)
            {
                IReadOnlyList<LabLine> fresh = _process.LinesFrom(_read);
                _read += fresh.Count;
                foreach (LabLine line in fresh)
                {
                    if (line.Text.StartsWith('{'))
                    {
                        TapRecord record = JsonSerializer.Deserialize(line.Text, LabJson.Default.TapRecord)!;
                        _frames.Add(new CapturedFrame(
                            record.Us, record.Direction == "in", Convert.FromHexString(record.Hex)));
                    }
                }

                return [.. _frames];
            }
        }
    }

    /// <summary>The first frame that matches, waiting for it if need be; null when the limit passes.</summary>
    /// <param name="match">What to look for.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="sinceUs">Older frames do not count.</param>
    /// <param name="stop">Gives up at once.</param>
    public async Task<CapturedFrame?> FindAsync(
        Predicate<CapturedFrame> match, TimeSpan limit, long sinceUs = 0, CancellationToken stop = default)
    {
        long deadline = TimeProvider.System.Microseconds() + (long)limit.TotalMicroseconds;
        while (true)
        {
            foreach (CapturedFrame frame in Frames)
            {
                if (frame.Us >= sinceUs && match(frame))
                {
                    return frame;
                }
            }

            if (TimeProvider.System.Microseconds() > deadline)
            {
                return null;
            }

            await Task.Delay(20, stop);
        }
    }

    /// <summary>Ends the tap; the frames stay.</summary>
    public Task StopAsync() => _process.StopAsync(TimeSpan.FromSeconds(1));
}
