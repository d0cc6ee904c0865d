using System;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>The flow table by itself, 64 flows at a time as the loop asks for them; given per flow.</summary>
[MemoryDiagnoser]
public class TableBenchmarks : IDisposable
{
    private const int Batch = 64;
    private const uint Now = 1;

    private readonly int[] _places = new int[Batch];
    private FlowTables _flows = null!;
    private FlowId[] _ids = [];
    private int _next;

    /// <summary>Flows in the table.</summary>
    [Params(1, 65_536, 1_048_576)]
    public int FlowCount { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _flows = new FlowTables(FlowCount, 64, new Random(1));
        _ids = new FlowId[Math.Max(FlowCount, Batch)];
        for (int flow = 0; flow < _ids.Length; flow++)
        {
            _ids[flow] = Flows.IdOf(flow % FlowCount);
            _flows.Remember(_ids[flow], FlowState.Established, 0, Now, 1000);
        }

        new Random(2).Shuffle(_ids);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _flows?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int FindPrefetched()
    {
        ReadOnlySpan<FlowId> batch = Turn();
        for (int i = 0; i < Batch; i++)
        {
            _places[i] = _flows.Locate(batch[i]);
        }

        int found = 0;
        for (int i = 0; i < Batch; i++)
        {
            found += _flows.Find(batch[i], _places[i], Now).Slot;
        }

        return found;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int FindOneByOne()
    {
        int found = 0;
        foreach (ref readonly FlowId id in Turn())
        {
            found += _flows.Find(id, Now).Slot;
        }

        return found;
    }

    /// <summary>In the place of what was remembered before: the table stays as full as it is.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Remember()
    {
        int found = 0;
        foreach (ref readonly FlowId id in Turn())
        {
            found += _flows.Remember(id, FlowState.Established, 0, Now, 1000).Slot;
        }

        return found;
    }

    private ReadOnlySpan<FlowId> Turn()
    {
        _next = _next + Batch < _ids.Length ? _next + Batch : 0;
        return _ids.AsSpan(Math.Min(_next, _ids.Length - Batch), Batch);
    }
}
