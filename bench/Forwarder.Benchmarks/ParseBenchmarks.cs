using System.Collections.Generic;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>What it costs to read a frame, by its kind.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private static readonly FrameBuilder Plain = Flows.BuilderOf(0);

    private static readonly Dictionary<string, byte[]> Frames = new()
    {
        ["tcp"] = Plain.Tcp(TcpControl.Ack),
        ["udp"] = Plain.Udp(),
        ["options"] = (Plain with { OptionWords = 2 }).Tcp(TcpControl.Ack),
        ["tagged"] = (Plain with { Tags = [0x8100_0007] }).Tcp(TcpControl.Ack),
        ["error"] = Plain.IcmpError(3, (Plain with { From = Plain.To, To = Plain.From }).Tcp(TcpControl.Ack)),
    };

    private byte[] _frame = [];

    /// <summary>Which kind.</summary>
    [Params("tcp", "udp", "options", "tagged", "error")]
    public string Kind { get; set; } = "tcp";

    [GlobalSetup]
    public void SetUp() => _frame = Frames[Kind];

    [Benchmark]
    public Outcome Read() => PacketReader.Read(_frame, Flows.Director, out _);
}
