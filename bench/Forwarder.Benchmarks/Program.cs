using System;
using BenchmarkDotNet.Running;
using XdpLvs.Forwarder.Benchmarks;

// --gate compares allocations with bench/allocations.json in a few seconds; all else is BenchmarkDotNet's.
return Array.IndexOf(args, "--gate") >= 0
    ? AllocationGate.Run()
    : BenchmarkSwitcher.FromAssembly(typeof(RouteBenchmarks).Assembly).Run(args) is null ? 1 : 0;
