using System;
using BenchmarkDotNet.Running;
using XdpLvs.Forwarder.Benchmarks;

// --gate compares allocations with bench/allocations.json in a few seconds; ratio measures against C; all else is
// BenchmarkDotNet's; no words measure everything.
return Array.IndexOf(args, "--gate") >= 0 ? AllocationGate.Run()
    : Array.IndexOf(args, "ratio") >= 0 ? RatioRun.Run()
    : BenchmarkSwitcher.FromAssembly(typeof(RouteBenchmarks).Assembly).Run(args is [] ? ["--filter", "*"] : args) is null
        ? 1 : 0;
