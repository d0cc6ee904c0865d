using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>Runs each benchmark for a moment and compares what it allocates with bench/allocations.json.</summary>
internal static class AllocationGate
{
    private const int Operations = 200_000;

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

        yield return ("ForwardLoop.RunOnce", () =>
        {
            var benchmark = new LoopBenchmarks();
            benchmark.SetUp();
            return () => benchmark.RunOnce();
        });
    }

    private static double Measure(Action operation)
    {
        for (int i = 0; i < 1000; i++)
        {
            operation();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Operations; i++)
        {
            operation();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Operations;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
