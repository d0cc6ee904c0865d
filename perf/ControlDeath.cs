using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Perf;

/// <summary>One real server's death.</summary>
/// <param name="LastFlowMs">Until the last SYN that was sent to it.</param>
/// <param name="VerdictMs">Until its check said so, by the daemon's log as it was read.</param>
/// <param name="InForceUs">From that verdict to the table without it, by the daemon's own count.</param>
/// <param name="Failed">Requests of the client that were refused or not answered in time.</param>
internal sealed record Death(double LastFlowMs, double VerdictMs, double InForceUs, int Failed);

/// <summary>
/// A real server is killed while a client connects all the time; its card is watched for the last new connection.
/// </summary>
internal static class ControlDeath
{
    /// <summary>Between two checks, in seconds.</summary>
    internal const double DelayLoop = 0.5;

    /// <summary>After the first failure, one more try.</summary>
    internal const double DelayBeforeRetry = 0.1;

    private const string Victim = "youxi3", Url = $"http://{TutorialNetwork.Vip}/";
    private const int ProbeMs = 4, SlotCount = 1 << 16, Port = 80;
    private const uint Vip = 0xC0A80564;

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>The tutorial's service, checked often.</summary>
    private static string Config => FormattableString.Invariant($$"""
        vrrp_instance VI_1 {
            state MASTER
            interface ens33
            virtual_router_id 51
            priority 100
            advert_int 1
            virtual_ipaddress {
                {{TutorialNetwork.Vip}}
            }
        }
        virtual_server {{TutorialNetwork.Vip}} 80 {
            delay_loop {{DelayLoop}}
            lb_algo rr
            lb_kind DR
            protocol TCP
        {{Real("192.168.5.103")}}
        {{Real("192.168.5.104")}}
        }

        """);

    /// <summary>Kills it some times.</summary>
    internal static async Task<List<Death>> MeasureAsync(string daemon, int rounds, CancellationToken stop)
    {
        using LabNetwork network = TutorialNetwork.Build("xdplvs-control");
        using ArrivalRing card = LoadStation.Inside(
            network[Victim], network[Victim].Link, index => new ArrivalRing(index, Victim, SlotCount));
        _ = HttpServerProcess.Start(network["youxi4"]);
        LabProcess server = await ServeAsync(network[Victim], stop);
        LoadDirector director = LoadDirector.Launch(network["youxi1"], daemon, Config);
        Console.WriteLine("  waiting for MASTER (3.6 s by VRRP)…");
        await director.RequireLineAsync("Entering MASTER", 0, stop);
        var client = ClientProcess.Start(network[TutorialNetwork.Client]);
        var deaths = new List<Death>();
        while (deaths.Count < rounds)
        {
            await client.StartProbeAsync(Url, ProbeMs);

            // The checks go on from the last verdict: each death comes at another point between two of them.
            await Task.Delay(Settle + TimeSpan.FromSeconds(DelayLoop * deaths.Count / rounds), stop);
            RequireTraffic(card);
            int place = director.Process.Count;
            (long killed, long killedUs) = (LoadStation.Now, TimeProvider.System.Microseconds());
            server.Kill();
            LabLine verdict = await director.RequireLineAsync("failed after 1 retries", place, stop);
            await director.RequireLineAsync("Removing service", place, stop);
            await Task.Delay(Settle, stop);
            ProbeReport report = await client.StopProbeAsync(stop);
            double inForce = director.Counters()["verdict to table in force, last, us"];
            double last = Math.Max(0, (LastSyn(card) ?? killed) - killed) / 1e6;
            deaths.Add(new Death(last, (verdict.Us - killedUs) / 1e3, inForce, report.Lost));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  death {deaths.Count} of {rounds}: last new connection after {last:0} ms, verdict after "
                + $"{deaths[^1].VerdictMs:0} ms, table {inForce:0} us later, "
                + $"{report.Lost} of {report.Sent} requests failed"));
            place = director.Process.Count;
            server = await ServeAsync(network[Victim], stop);
            await director.RequireLineAsync("Adding service", place, stop);
        }

        await director.StopAsync();
        return deaths;
    }

    private static string Real(string address) => FormattableString.Invariant($$"""
            real_server {{address}} 80 {
                weight 1
                TCP_CHECK {
                    connect_timeout 1
                    retry 1
                    delay_before_retry {{DelayBeforeRetry}}
                }
            }
        """);

    private static async Task<LabProcess> ServeAsync(LabHost host, CancellationToken stop)
    {
        string lab = Path.Combine(AppContext.BaseDirectory, "xdplvs-lab");
        LabProcess process = host.Start("server", lab, "serve", host.Name, $"{Port}", "--tied");
        return await process.FindAsync(line => line == "ready", TimeSpan.FromSeconds(20), 0, stop) is not null
            ? process
            : throw new LabException($"the real server did not start:\n{process.LastLines(5)}");
    }

    private static void RequireTraffic(ArrivalRing card)
    {
        if (LastSyn(card) is null)
        {
            throw new InvalidDataException("no connection reached the real server that is to die");
        }
    }

    /// <summary>Takes all that arrived. When the last new connection to the service came; null if none did.</summary>
    private static long? LastSyn(ArrivalRing card)
    {
        Span<byte> frame = stackalloc byte[64];
        long? last = null;
        while (card.TryTake(frame, out int length, out long arrived))
        {
            bool isNew = length >= 54 && frame[12] == 0x08 && frame[13] == 0 && frame[14] == 0x45 && frame[23] == 6
                && BinaryPrimitives.ReadUInt32BigEndian(frame[30..]) == Vip
                && BinaryPrimitives.ReadUInt16BigEndian(frame[36..]) == Port
                && (frame[47] & 0x12) == 0x02; // SYN without ACK
            last = isNew ? arrived : last;
        }

        return last;
    }
}
