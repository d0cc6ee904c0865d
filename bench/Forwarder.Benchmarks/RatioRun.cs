using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>
/// The whole decision of an established flow, ours and the C loop's, in turns in one run: only such a ratio means
/// anything on a machine whose clock and neighbours change. Only the work on a batch is timed; that its frames are new
/// again is prepared between the batches, by the same code for all.
/// </summary>
internal sealed unsafe class RatioRun
{
    private const int Batch = 64, Rounds = 9, BatchesPerRound = 1 << 14;
    private const double RatioMax = 1.35, PrefetchGainMin = 2;
    private const uint Now = 100;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Batch * BatchPort.ChunkSize, 4096);
    private readonly ForwardingTable _table = Flows.Table();
    private readonly byte[] _template = Flows.FrameOf(0, TcpControl.Ack);

    /// <summary>The process's exit code: 0 when a million flows are within both goals.</summary>
    internal static int Run()
    {
        Reference.Build();
        Console.WriteLine($"{"flows",9}  {"C# ns",7} {"C ns",7} {"C# without prefetch",20}   C#/C (least to most)"
            + "      without/with prefetch");
        bool passes = true;
        foreach (int flows in (int[])[1, 65_536, 1_048_576])
        {
            Result result = new RatioRun().Measure(flows);
            Console.WriteLine($"{flows,9}  {result.Ours,7:F1} {result.Reference,7:F1} {result.OneByOne,20:F1}   "
                + $"{result.Ratio:F2} ({result.RatioLeast:F2} to {result.RatioMost:F2})      {result.Gain,18:F2}");
            passes = result.Ratio <= RatioMax && (result.Gain >= PrefetchGainMin || flows < 1_000_000);
        }

        Console.WriteLine($"goals at 1,048,576 flows: C#/C at most {RatioMax}, prefetch at least {PrefetchGainMin} "
            + $"times faster than without: {(passes ? "reached" : "MISSED")}");
        return passes ? 0 : 1;
    }

    private Result Measure(int flows)
    {
        using var memory = new FlowTables(flows, 64, new Random(1));
        Router router = Flows.RouterWith(flows, memory, _table);
        nint director = ReferenceWith(flows);
        byte[] differences = Flows.Differences(flows, TcpControl.Ack);
        int[] order = [.. Enumerable.Range(0, flows)];
        new Random(2).Shuffle(order);
        int length = _template.Length;
        var loop = new ForwardLoop<BatchPort>(
            new BatchPort(_memory, Batch, length), new TablePublisher(_table), router, new OutcomeCounters());

        Action[] ways =
        [
            () => loop.RunOnce(Now),
            () => _ = Reference.Batch(director, _memory, Batch, length, Now),
            () => OneByOne(router, length),
        ];
        var times = new List<double>[] { [], [], [] };
        for (int round = -2; round < Rounds; round++) // two rounds to warm up
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                int way = (turn + Math.Abs(round)) % ways.Length;
                double time = Time(ways[way], differences, order);
                if (round >= 0)
                {
                    times[way].Add(time);
                }
            }
        }

        return new Result(times[0], times[1], times[2]);
    }

    private double Time(Action batch, byte[] differences, int[] order)
    {
        long ticks = 0;
        for (int i = 0, next = 0; i < BatchesPerRound; i++)
        {
            for (int frame = 0; frame < Batch; frame++)
            {
                next = next + 1 == order.Length ? 0 : next + 1;
                var target = new Span<byte>(_memory + (frame * BatchPort.ChunkSize), _template.Length);
                _template.CopyTo(target);
                Flows.Arrive(target, _template, differences, order[next]);
            }

            long began = TimeProvider.System.GetTimestamp();
            batch();
            ticks += TimeProvider.System.GetTimestamp() - began;
        }

        return ticks * 1e9 / TimeProvider.System.TimestampFrequency / ((long)BatchesPerRound * Batch);
    }

    private void OneByOne(Router router, int length)
    {
        for (int i = 0; i < Batch; i++)
        {
            _ = router.Route(new Span<byte>(_memory + (i * BatchPort.ChunkSize), length), _table, Now);
        }
    }

    private nint ReferenceWith(int flows)
    {
        nint director = Reference.New(flows);
        Reference.SetOwn(director, _table.LocalMac.Bits);
        foreach (RealServer real in _table.Services.SelectMany(service => service.Reals))
        {
            Reference.SetReal(director, real.Number, real.Address.V4, real.Mac.Bits);
        }

        for (int flow = 0; flow < flows; flow++)
        {
            FlowId id = Flows.IdOf(flow);
            _ = Reference.Insert(
                director, id.Addresses, id.Ports, (int)FlowState.Established, flow & 1, Now + FlowClock.Ticks(900));
        }

        return director;
    }

    private sealed record Result(List<double> OurTimes, List<double> ReferenceTimes, List<double> OneByOneTimes)
    {
        internal double Ours => Median(OurTimes);

        internal double Reference => Median(ReferenceTimes);

        internal double OneByOne => Median(OneByOneTimes);

        internal double Ratio => Median(Ratios);

        internal double RatioLeast => Ratios.Min();

        internal double RatioMost => Ratios.Max();

        internal double Gain => Median([.. OneByOneTimes.Zip(OurTimes, (without, with) => without / with)]);

        private List<double> Ratios => [.. OurTimes.Zip(ReferenceTimes, (ours, theirs) => ours / theirs)];

        private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }
}
