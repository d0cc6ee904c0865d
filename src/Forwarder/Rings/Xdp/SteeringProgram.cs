using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>What the steering program counts; indices of its counter map.</summary>
public enum SteeringCounter
{
    /// <summary>Left to the kernel: no service of ours.</summary>
    Passed,

    /// <summary>Left to the kernel: too short, or lying about its length.</summary>
    PassedMalformed,

    /// <summary>Handed to the forwarder.</summary>
    Steered,
}

/// <summary>
/// The XDP program that decides which frames the forwarder gets: IPv4 to our MAC for a configured address,
/// protocol and port, and ICMP errors that quote one. Everything else stays with the kernel.
/// </summary>
/// <remarks>
/// Emitted here, checked by the kernel's verifier. Fragments stay with the kernel: they carry no port.
/// A frame for a service whose queue has no socket is dropped: the kernel, which holds the address, would reset it.
/// </remarks>
public sealed class SteeringProgram : IDisposable
{
    private const int HelperMapLookup = 1, HelperRedirectMap = 51;
    private const int ActionDrop = 1, ActionPass = 2;
    private const int ServicesMax = 65536, QueuesMax = 256;
    private const int EthernetSize = 14, Ipv4Size = 20, IcmpSize = 8;
    private const int KeyAt = -8, CounterAt = -16;

    private readonly BpfMap _services = new(BpfMapType.Hash, sizeof(ulong), sizeof(uint), ServicesMax, "xdplvs_svc");
    private readonly BpfMap _queues = new(BpfMapType.XskMap, sizeof(int), sizeof(int), QueuesMax, "xdplvs_xsk");
    private readonly BpfMap _counters = new(BpfMapType.PerCpuArray, sizeof(int), sizeof(long), 3, "xdplvs_count");
    private readonly HashSet<ServiceKey> _known = [];

    /// <summary>Emits the program for an interface's own MAC and has it verified.</summary>
    public SteeringProgram(MacAddress own)
    {
        try
        {
            Program = BpfProgram.LoadXdp(Emit(own), "xdplvs_steer");
        }
        catch
        {
            DisposeMaps();
            throw;
        }
    }

    /// <summary>The loaded program, owned by this object.</summary>
    public BpfProgram Program { get; }

    /// <summary>From now on these services and no others go to the forwarder.</summary>
    public void SetServices(IReadOnlyCollection<ServiceKey> services)
    {
        _known.RemoveWhere(key => !Contains(services, key) && _services.Remove(KeyOf(key)));
        foreach (ServiceKey key in services)
        {
            if (!_known.Contains(key))
            {
                _services.Set(KeyOf(key), 1u);
                _known.Add(key); // only now: what the kernel refused is tried again next time
            }
        }
    }

    /// <summary>Frames of a queue go to this socket.</summary>
    public void SetSocket(int queue, XskSocket socket) => _queues.Set(queue, socket.Descriptor.Number);

    /// <summary>Frames counted so far, all processors together.</summary>
    public long Read(SteeringCounter counter) => _counters.SumPerCpu((int)counter);

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        DisposeMaps();
    }

    private static bool Contains(IReadOnlyCollection<ServiceKey> services, ServiceKey wanted)
    {
        foreach (ServiceKey key in services)
        {
            if (key == wanted)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The map's key as the program builds it on its stack: address, port, protocol, zero; wire order.
    /// </summary>
    private static ulong KeyOf(ServiceKey key)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, key.Address.V4);
        BinaryPrimitives.WriteUInt16BigEndian(octets[4..], key.Port);
        octets[6] = key.Protocol;
        return BitConverter.ToUInt64(octets);
    }

    private void DisposeMaps()
    {
        _services.Dispose();
        _queues.Dispose();
        _counters.Dispose();
    }

    /// <summary>R6 context, R7 start of what is read next, R8 end of the frame, R9 the protocol.</summary>
    private ulong[] Emit(MacAddress own)
    {
        var to = new BpfAssembler();
        Label pass = to.NewLabel(), malformed = to.NewLabel(), icmp = to.NewLabel(), look = to.NewLabel();

        to.Do(Arithmetic.Move, R6, R1);
        to.Load(Width.Word, R7, R6, 0); // xdp_md.data
        to.Load(Width.Word, R8, R6, 4); // xdp_md.data_end
        RequireOctets(to, EthernetSize, malformed);
        RequireOwnMac(to, own, pass);
        to.Load(Width.Half, R0, R7, 12);
        to.JumpIf(Condition.NotEqual, R0, Swapped(0x0800), pass);
        to.Do(Arithmetic.Add, R7, EthernetSize);

        RequireIpv4(to, pass, malformed);
        to.Load(Width.Word, R1, R7, 16); // destination
        to.Store(Width.Word, R10, KeyAt, R1);
        SkipIpv4Header(to);
        to.JumpIf(Condition.Equal, R9, Ipv4View.ProtocolIcmp, icmp);
        RequireTransport(to, pass);
        RequireOctets(to, 4, malformed);
        to.Load(Width.Half, R1, R7, 2); // destination port
        to.Jump(look);

        to.Place(icmp);
        EmitQuoted(to, pass, malformed);

        to.Place(look);
        to.Store(Width.Half, R10, KeyAt + 4, R1);
        to.Store(Width.Octet, R10, KeyAt + 6, R9);
        to.Store(Width.Octet, R10, KeyAt + 7, 0);
        EmitLookup(to, pass);
        EmitExits(to, pass, malformed);
        return to.Assemble();
    }

    private static void RequireOctets(BpfAssembler to, int octets, Label otherwise)
    {
        to.Do(Arithmetic.Move, R0, R7);
        to.Do(Arithmetic.Add, R0, octets);
        to.JumpIf(Condition.Above, R0, R8, otherwise);
    }

    private static void RequireOwnMac(BpfAssembler to, MacAddress own, Label otherwise)
    {
        Span<byte> octets = stackalloc byte[6];
        own.CopyTo(octets);
        to.Load(Width.Word, R0, R7, 0);
        to.JumpIf(Condition.NotEqual, R0, BitConverter.ToUInt32(octets), otherwise);
        to.Load(Width.Half, R0, R7, 4);
        to.JumpIf(Condition.NotEqual, R0, BitConverter.ToUInt16(octets[4..]), otherwise);
    }

    /// <summary>R7 at an IPv4 header that is whole and no fragment; R9 becomes its protocol.</summary>
    private static void RequireIpv4(BpfAssembler to, Label pass, Label malformed)
    {
        RequireOctets(to, Ipv4Size, malformed);
        to.Load(Width.Octet, R0, R7, 0);
        to.JumpIf(Condition.Below, R0, 0x45, malformed);
        to.JumpIf(Condition.Above, R0, 0x4f, malformed);
        to.Load(Width.Half, R0, R7, 6);
        to.JumpIf(Condition.AnyBit, R0, Swapped(0x3fff), pass);
        to.Load(Width.Octet, R9, R7, 9);
    }

    /// <summary>
    /// R7 goes behind the IPv4 header, whose first octet was found to be 0x45 to 0x4f. One case for each length: adding
    /// a length that only the frame knows to a pointer asks the verifier for CAP_PERFMON, adding a constant does not.
    /// </summary>
    private static void SkipIpv4Header(BpfAssembler to)
    {
        Label done = to.NewLabel();
        to.Load(Width.Octet, R0, R7, 0);
        for (int words = Ipv4Size / 4; words < 0x0f; words++)
        {
            Label longer = to.NewLabel();
            to.JumpIf(Condition.NotEqual, R0, 0x40u | (uint)words, longer);
            to.Do(Arithmetic.Add, R7, words * 4);
            to.Jump(done);
            to.Place(longer);
        }

        to.Do(Arithmetic.Add, R7, 0x0f * 4);
        to.Place(done);
    }

    private static void RequireTransport(BpfAssembler to, Label otherwise)
    {
        Label known = to.NewLabel();
        to.JumpIf(Condition.Equal, R9, Ipv4View.ProtocolTcp, known);
        to.JumpIf(Condition.NotEqual, R9, Ipv4View.ProtocolUdp, otherwise);
        to.Place(known);
    }

    /// <summary>An ICMP error quotes a packet that a real server sent as the service: its source is our key.</summary>
    private static void EmitQuoted(BpfAssembler to, Label pass, Label malformed)
    {
        Label quoted = to.NewLabel();
        RequireOctets(to, IcmpSize, malformed);
        to.Load(Width.Octet, R0, R7, 0);
        to.JumpIf(Condition.Equal, R0, IcmpErrorView.DestinationUnreachable, quoted);
        to.JumpIf(Condition.Equal, R0, IcmpErrorView.TimeExceeded, quoted);
        to.JumpIf(Condition.NotEqual, R0, IcmpErrorView.ParameterProblem, pass);
        to.Place(quoted);
        to.Do(Arithmetic.Add, R7, IcmpSize);
        RequireIpv4(to, pass, malformed);
        RequireTransport(to, pass);
        to.Load(Width.Word, R1, R7, 12); // source of the quoted packet
        to.Store(Width.Word, R10, KeyAt, R1);
        SkipIpv4Header(to);
        RequireOctets(to, 4, malformed);
        to.Load(Width.Half, R1, R7, 0); // source port of the quoted packet
    }

    private void EmitLookup(BpfAssembler to, Label pass)
    {
        to.LoadMap(R1, _services);
        to.Do(Arithmetic.Move, R2, R10);
        to.Do(Arithmetic.Add, R2, KeyAt);
        to.Call(HelperMapLookup);
        to.JumpIfNull(R0, pass);
        EmitCount(to, SteeringCounter.Steered);
        to.Load(Width.Word, R2, R6, 16); // xdp_md.rx_queue_index
        to.LoadMap(R1, _queues);
        to.Do(Arithmetic.Move, R3, ActionDrop); // when that queue has no socket
        to.Call(HelperRedirectMap);
        to.Exit();
    }

    private void EmitExits(BpfAssembler to, Label pass, Label malformed)
    {
        to.Place(pass);
        EmitCount(to, SteeringCounter.Passed);
        to.Do(Arithmetic.Move, R0, ActionPass);
        to.Exit();
        to.Place(malformed);
        EmitCount(to, SteeringCounter.PassedMalformed);
        to.Do(Arithmetic.Move, R0, ActionPass);
        to.Exit();
    }

    private void EmitCount(BpfAssembler to, SteeringCounter counter)
    {
        Label absent = to.NewLabel();
        to.Store(Width.Word, R10, CounterAt, (int)counter);
        to.LoadMap(R1, _counters);
        to.Do(Arithmetic.Move, R2, R10);
        to.Do(Arithmetic.Add, R2, CounterAt);
        to.Call(HelperMapLookup);
        to.JumpIfNull(R0, absent);
        to.Load(Width.Double, R1, R0, 0);
        to.Do(Arithmetic.Add, R1, 1);
        to.Store(Width.Double, R0, 0, R1); // this processor's own counter: nobody else writes it
        to.Place(absent);
    }

    private static ushort Swapped(ushort value) => BinaryPrimitives.ReverseEndianness(value);
}
