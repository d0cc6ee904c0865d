using System;
using BenchmarkDotNet.Running;
using XdpLvs.Forwarder.Benchmarks;

// --gate compares allocations with bench/allocations.json in a few seconds; ratio measures against C; all else is
// BenchmarkDotNet's; no words measure everything.
if (Array.IndexOf(args, "--gate") >= 0)
{
    return AllocationGate.Run();
}

if (Array.IndexOf(args, "ratio") >= 0)
{
    return RatioRun.Run();
}

string[] words = args is [] ? ["--filter", "*"] : args;
return BenchmarkSwitcher.FromAssembly(typeof(RouteBenchmarks).Assembly).Run(words) is null ? 1 : 0;
