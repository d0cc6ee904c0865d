using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Rings.Xdp;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Steering;

/// <summary>
/// What is steered cannot go back to the kernel, and what is not is never forwarded: so program and forwarder must mean
/// the same frames, whatever is done to them.
/// </summary>
public sealed class SteeringAgreementTests : IDisposable
{
    private const int Steered = 1, Passed = 2;

    private static readonly ServiceKey[] Keys =
    [
        Web, Dns, Signal, Web6, Dns6, Signal6, new(SteeringFrames.AllPorts, 0, Tcp), new(SteeringFrames.AllPorts6, 0, Udp),
    ];

    private readonly SteeringProgram _steering;
    private readonly World _world = new([.. Keys.Select(key => Service(key, A, B))]);
    private readonly HashSet<(FragmentId Packet, byte Protocol)> _strangers = [];
    private readonly byte[] _output = new byte[2048];

    public SteeringAgreementTests()
    {
        Privilege.NeedsRoot();
        _steering = new SteeringProgram(Director);
        _steering.SetServices(Keys);
    }

    public void Dispose()
    {
        _steering?.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Program_reader_and_router_agree_on_what_is_ours(int seed)
    {
        var frames = new SteeringFrames(seed);
        int steered = 0, passed = 0;
        for (int i = 0; i < 60_000; i++)
        {
            byte[] frame = frames.Next();
            Outcome read = PacketReader.Read([.. frame], Director, out Packet packet);
            Outcome routed = _world.Route([.. frame]);
            if (read == Outcome.Malformed)
            {
                Assert.Equal(Outcome.Malformed, routed); // dropped by either: nobody answers it
                continue;
            }

            int action = _steering.Program.TestRun(frame, _output);
            string what = $"seed {seed}, frame {i}: {read}, {routed}, action {action}: {Convert.ToHexString(frame)}";
            Assert.True(action == (read == Outcome.Forwarded && IsOurs(packet) ? Steered : Passed), what);
            Assert.True(routed is Outcome.Loop or Outcome.Fragment || (routed == Outcome.NotOurs) == (action == Passed), what);
            steered += action == Steered ? 1 : 0;
            passed += action == Passed ? 1 : 0;
        }

        Assert.InRange(steered, 20_000, 50_000);
        Assert.InRange(passed, 5_000, 35_000);
    }

    /// <summary>As the table of services has it; and a later piece follows its first if that came before it.</summary>
    private bool IsOurs(in Packet packet)
    {
        ServiceKey service = packet.Flow.ToKey().Service;
        bool hasService = _world.Table.TryFindService(service, out _);
        bool takesPieces = Keys.Any(key => (key.Address, key.Protocol) == (service.Address, service.Protocol));
        if (packet.Kind == PacketKind.Error || !packet.IsFragment)
        {
            return hasService;
        }

        (FragmentId Packet, byte Protocol) piece = (packet.Fragment, packet.Protocol);
        if (packet.Kind == PacketKind.LaterFragment)
        {
            return takesPieces && !_strangers.Contains(piece);
        }

        _ = hasService ? _strangers.Remove(piece) : takesPieces && _strangers.Add(piece);
        return hasService;
    }
}
