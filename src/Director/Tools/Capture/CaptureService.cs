using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Director.Control;
using XdpLvs.Director.Forwarding;
using XdpLvs.Forwarder.Rings;

namespace XdpLvs.Director.Tools.Capture;

/// <summary>The daemon's side of a capture: taps the workers of an interface and streams what they show.</summary>
internal sealed class CaptureService(IReadOnlyList<ForwarderInterface> interfaces, TimeProvider time)
{
    private const int BufferSize = 256 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10); // the rings hold more than comes meanwhile

    /// <summary>Answers "capture INTERFACE", and goes on until the other side says that it has enough.</summary>
    internal async Task StreamAsync(ControlRequest request, Stream peer, CancellationToken stop)
    {
        ForwarderInterface? found = request.Words is [_, var name]
            ? interfaces.FirstOrDefault(each => each.Nic.Name == name)
            : null;
        if (found is null)
        {
            string served = string.Join(", ", interfaces.Select(each => each.Nic.Name));
            string complaint = $"nothing is forwarded on {request.Words.Last()}, but on {served}";
            await AnswerAsync(peer, ExitCode.Usage, complaint, stop).ConfigureAwait(false);
            return;
        }

        TapPoint[] points = [.. found.Workers.Select(worker => worker.Taps)];
        await StreamAsync(points, found.Nic.Name, peer, stop).ConfigureAwait(false);
    }

    /// <summary>The same for workers that were found already.</summary>
    internal async Task StreamAsync(
        IReadOnlyList<TapPoint> points, string name, Stream peer, CancellationToken stop)
    {
        TapRing[] rings = [.. points.Select(_ => new TapRing(time))];
        int attached = points.Zip(rings).TakeWhile(each => each.First.TryAttach(each.Second)).Count();
        try
        {
            if (attached < rings.Length)
            {
                await AnswerAsync(peer, ExitCode.Fatal, $"another capture of {name} is going on", stop)
                    .ConfigureAwait(false);
                return;
            }

            await AnswerAsync(peer, ExitCode.Fine, "", stop).ConfigureAwait(false);
            await PumpAsync(rings, peer, stop).ConfigureAwait(false);
        }
        finally
        {
            for (int i = 0; i < attached; i++)
            {
                points[i].Detach(rings[i]);
            }
        }
    }

    private static Task AnswerAsync(Stream peer, int exit, string complaint, CancellationToken stop)
    {
        var answer = new ControlAnswer(exit, "", complaint);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Default.ControlAnswer), (byte)'\n'];
        return peer.WriteAsync(line, stop).AsTask();
    }

    private async Task PumpAsync(TapRing[] rings, Stream peer, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pause, time);
        Task<int> enough = peer.ReadAsync(new byte[1], stop).AsTask(); // it sends nothing more, it only closes
        byte[] buffer = new byte[BufferSize];
        long told = 0;
        while (!enough.IsCompleted)
        {
            await DrainAsync(rings, buffer, peer, stop).ConfigureAwait(false);
            long lost = rings.Sum(ring => ring.Lost);
            if (lost > told)
            {
                told = lost;
                await WriteAsync(new CaptureRecord(0, CaptureKind.Lost, lost), peer, stop).ConfigureAwait(false);
            }

            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }

        await DrainAsync(rings, buffer, peer, stop).ConfigureAwait(false);
        long all = rings.Sum(ring => ring.Lost);
        await WriteAsync(new CaptureRecord(0, CaptureKind.End, all), peer, stop).ConfigureAwait(false);
    }

    /// <summary>Sends what is there, the oldest first.</summary>
    private static async Task DrainAsync(TapRing[] rings, byte[] buffer, Stream peer, CancellationToken stop)
    {
        int filled;
        do
        {
            filled = Fill(rings, buffer);
            await peer.WriteAsync(buffer.AsMemory(0, filled), stop).ConfigureAwait(false);
        }
        while (filled > buffer.Length / 2); // there may be more
    }

    private static int Fill(TapRing[] rings, Span<byte> buffer)
    {
        int filled = 0;
        while (true)
        {
            TapRing? oldest = null;
            long first = long.MaxValue;
            foreach (TapRing ring in rings)
            {
                if (ring.TryPeek(out long ticks) && ticks < first)
                {
                    (oldest, first) = (ring, ticks);
                }
            }

            int read = oldest?.Read(buffer[filled..]) ?? 0;
            if (read == 0)
            {
                return filled;
            }

            filled += read;
        }
    }

    private static Task WriteAsync(CaptureRecord record, Stream peer, CancellationToken stop)
    {
        byte[] octets = new byte[CaptureRecord.Size];
        record.Write(octets);
        return peer.WriteAsync(octets, stop).AsTask();
    }
}
