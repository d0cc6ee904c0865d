using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text.Json;
using XdpLvs.Forwarder.Scheduling;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>Runs each benchmark for a moment and compares what it allocates with bench/allocations.json.</summary>
internal static class AllocationGate
{
    private const int Operations = 100_000;

    /// <summary>The process's exit code: 0 when nothing allocates more than it may.</summary>
    internal static int Run()
    {
        Dictionary<string, double> allowed = JsonSerializer.Deserialize<Dictionary<string, double>>(
            File.ReadAllText(Path.Combine(Here(), "..", "allocations.json")))!;
        int excesses = 0;
        foreach ((string name, Func<Action> prepare) in Benchmarks())
        {
            double octets = Measure(prepare());
            bool known = allowed.Remove(name, out double limit);
            bool passes = known && octets <= limit;
            excesses += passes ? 0 : 1;
            string verdict = passes ? "ok" : known ? $"TOO MUCH, {limit} allowed" : "NOT IN allocations.json";
            Console.WriteLine($"{name,-28} {octets,10:F3} octets/operation  {verdict}");
        }

        foreach (string name in allowed.Keys)
        {
            Console.WriteLine($"{name,-28} in allocations.json, but not measured");
        }

        return excesses + allowed.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Name, Func<Action> Prepare)> Benchmarks()
    {
        foreach (int flows in (int[])[1, 65_536])
        {
            yield return ($"Route.Established.{flows}", () =>
            {
                var benchmark = new RouteBenchmarks { FlowCount = flows };
                benchmark.SetUp();
                return () => benchmark.Established();
            });
        }

        foreach (int capacity in (int[])[1, 65_536])
        {
            yield return ($"Route.Connect.{capacity}", () =>
            {
                var benchmark = new ConnectBenchmarks { Capacity = capacity };
                benchmark.SetUp();
                return () => benchmark.Connect();
            });
        }

        foreach (string kind in (string[])["tcp", "udp", "options", "tagged", "error"])
        {
            yield return ($"Parse.{kind}", () =>
            {
                var benchmark = new ParseBenchmarks { Kind = kind };
                benchmark.SetUp();
                return () => benchmark.Read();
            });
        }

        foreach (SchedulerKind scheduler in Enum.GetValues<SchedulerKind>())
        {
            yield return ($"Choose.{Schedulers.Name(scheduler)}", () =>
            {
                var benchmark = new SchedulerBenchmarks { Scheduler = scheduler };
                benchmark.SetUp();
                return () => benchmark.Choose();
            });
        }

        foreach ((string name, Func<Action> prepare) in Tables())
        {
            yield return (name, prepare);
        }

        yield return ("ForwardLoop.RunOnce", () =>
        {
            var benchmark = new LoopBenchmarks();
            benchmark.SetUp();
            return () => benchmark.RunOnce();
        });
    }

    private static IEnumerable<(string Name, Func<Action> Prepare)> Tables()
    {
        TableBenchmarks Full()
        {
            var benchmark = new TableBenchmarks { FlowCount = 65_536 };
            benchmark.SetUp();
            return benchmark;
        }

        yield return ("Table.FindPrefetched", () => AsAction(Full().FindPrefetched));
        yield return ("Table.FindOneByOne", () => AsAction(Full().FindOneByOne));
        yield return ("Table.Remember", () => AsAction(Full().Remember));

        static Action AsAction(Func<int> operation) => () => operation();
    }

    private static double Measure(Action operation)
    {
        for (int i = 0; i < 1000; i++)
        {
            operation();
        }

        // The runtime itself allocates once or twice when it compiles a method anew: the least of three is ours.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Operations; i++)
            {
                operation();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least / (double)Operations;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
