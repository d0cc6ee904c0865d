using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>The maps that the steering program asks.</summary>
internal readonly record struct SteeringMaps(
    BpfMap Services, BpfMap Near, BpfMap Strangers, BpfMap Queues, BpfMap Counters);

/// <summary>
/// Emits the steering program: the same walk from the outside in that <c>PacketReader</c> makes.
/// </summary>
/// <remarks>
/// R6 holds the context, R7 where reading goes on, R8 the frame's end, R9 the protocol or what header comes next. To R7
/// only constants are added, under conditions: adding a length that only the frame knows asks the verifier for
/// CAP_PERFMON. On the stack lies the key that is looked up, with the sender and the number of a cut packet behind it.
/// </remarks>
internal sealed partial class SteeringCode
{
    private const int EthernetSize = EthernetView.HeaderSize, Ipv4Size = Ipv4View.HeaderSizeMin;
    private const int PortsSize = TransportView.PortsSize;

    // From the stack's top down: the key of a service, source and number of a piece, what piece it is, a counter.
    private const int PieceKeySize = 40, KeyAt = -PieceKeySize, SourceAt = KeyAt + SteeringKey.Size;
    private const int NumberAt = SourceAt + IpAddress.SizeV6, PortAt = KeyAt + SteeringKey.PortAt;
    private const int ProtocolAt = KeyAt + SteeringKey.ProtocolAt, KindAt = KeyAt + SteeringKey.KindAt;
    private const int IsFirstPieceAt = -48, CounterAt = -56;

    private readonly BpfAssembler _to = new();
    private readonly SteeringMaps _maps;
    private readonly Label _pass, _malformed, _transport, _laterPiece, _look;

    private SteeringCode(SteeringMaps maps)
    {
        _maps = maps;
        _pass = _to.NewLabel();
        _malformed = _to.NewLabel();
        _transport = _to.NewLabel();
        _laterPiece = _to.NewLabel();
        _look = _to.NewLabel();
    }

    /// <summary>The size of the key by which the first piece of a packet for the kernel is remembered.</summary>
    internal static int StrangerKeySize => PieceKeySize;

    /// <summary>The whole program.</summary>
    /// <param name="own">The MAC address that frames for us have.</param>
    /// <param name="maps">What it asks.</param>
    /// <param name="offload">Forwards what it can before anything is steered; null for none.</param>
    internal static BpfAssembler Emit(MacAddress own, SteeringMaps maps, OffloadPoint? offload)
    {
        var code = new SteeringCode(maps);
        Label steering = code._to.NewLabel();
        if (offload is not null)
        {
            OffloadCode.Emit(code._to, own, offload.Maps, offload.Shape, steering);
        }

        code._to.Place(steering);
        code._to.Note("steering: what is for a service of ours goes to user space, all else to the kernel");
        code.EmitEthernet(own);
        code.EmitTransport();
        code.EmitDecision();
        return code._to;
    }

    private void EmitEthernet(MacAddress own)
    {
        Label ipv4 = _to.NewLabel();
        _to.Do(Arithmetic.Move, R6, R1);
        _to.Load(Width.Word, R7, R6, 0); // xdp_md.data
        _to.Load(Width.Word, R8, R6, 4); // xdp_md.data_end
        RequireOctets(EthernetSize);
        RequireOwnMac(own);
        _to.Load(Width.Half, R9, R7, EthernetSize - 2);
        _to.Do(Arithmetic.Add, R7, EthernetSize);
        StepOverTags();
        _to.Store(Width.Word, R10, IsFirstPieceAt, 0);
        _to.JumpIf(Condition.Equal, R9, Swapped(EthernetView.TypeIpv4), ipv4);
        _to.JumpIf(Condition.NotEqual, R9, Swapped(EthernetView.TypeIpv6), _pass);
        EmitIpv6();
        _to.Place(ipv4);
        EmitIpv4();
    }

    private void RequireOwnMac(MacAddress own)
    {
        Span<byte> octets = stackalloc byte[6];
        own.CopyTo(octets);
        _to.Load(Width.Word, R0, R7, 0);
        _to.JumpIf(Condition.NotEqual, R0, BitConverter.ToUInt32(octets), _pass);
        _to.Load(Width.Half, R0, R7, 4);
        _to.JumpIf(Condition.NotEqual, R0, BitConverter.ToUInt16(octets[4..]), _pass);
    }

    private void StepOverTags()
    {
        Label untagged = _to.NewLabel();
        for (int tags = 0; tags < EthernetView.TagsMax; tags++)
        {
            Label tag = _to.NewLabel();
            _to.JumpIf(Condition.Equal, R9, Swapped(EthernetView.TypeTag), tag);
            _to.JumpIf(Condition.NotEqual, R9, Swapped(EthernetView.TypeServiceTag), untagged);
            _to.Place(tag);
            RequireOctets(EthernetView.TagSize);
            _to.Load(Width.Half, R9, R7, 2);
            _to.Do(Arithmetic.Add, R7, EthernetView.TagSize);
        }

        _to.Place(untagged);
    }

    private void EmitIpv4()
    {
        Label isWhole = _to.NewLabel();
        RequireIpv4Header();
        foreach (int at in (ReadOnlySpan<int>)[KeyAt, SourceAt])
        {
            _to.Store(Width.Word, R10, at + 4, 0);
            _to.Store(Width.Word, R10, at + 8, 0);
            _to.Store(Width.Word, R10, at + 12, 0);
        }

        _to.Store(Width.Octet, R10, KindAt, 0);
        Copy(16, KeyAt, sizeof(uint)); // destination
        Copy(12, SourceAt, sizeof(uint));
        _to.Load(Width.Half, R1, R7, 4); // identification
        _to.Store(Width.Word, R10, NumberAt, R1);
        _to.Load(Width.Octet, R9, R7, 9);
        _to.Load(Width.Half, R0, R7, 6);
        _to.JumpIf(Condition.AnyBit, R0, Swapped(0x1FFF), _laterPiece);
        SkipIpv4Header();
        _to.Do(Arithmetic.And, R0, Swapped(0x2000)); // more pieces
        _to.JumpIf(Condition.Equal, R0, 0u, isWhole);
        _to.Store(Width.Word, R10, IsFirstPieceAt, 1);
        _to.Jump(_transport);
        _to.Place(isWhole);
        _to.JumpIf(Condition.NotEqual, R9, Ipv4View.ProtocolIcmp, _transport);
        EmitQuotedIpv4();
    }

    /// <summary>R7 at a whole IPv4 header whose first octet is 0x45 to 0x4F.</summary>
    private void RequireIpv4Header()
    {
        RequireOctets(Ipv4Size);
        _to.Load(Width.Octet, R0, R7, 0);
        _to.JumpIf(Condition.Below, R0, 0x45, _malformed);
        _to.JumpIf(Condition.Above, R0, 0x4F, _malformed);
    }

    /// <summary>R7 goes behind an IPv4 header that was found whole. R1 is lost.</summary>
    private void SkipIpv4Header()
    {
        Label plain = _to.NewLabel();
        _to.Load(Width.Octet, R1, R7, 0);
        _to.Do(Arithmetic.Add, R7, Ipv4Size);
        _to.JumpIf(Condition.Equal, R1, 0x45, plain);
        _to.Do(Arithmetic.And, R1, 0x0F);
        _to.Do(Arithmetic.Subtract, R1, Ipv4Size / sizeof(uint));
        AdvanceBy(R1, sizeof(uint), bits: 4);
        _to.Place(plain);
    }

    /// <summary>An error quotes a packet that a real server sent as the service: its source is our key.</summary>
    private void EmitQuotedIpv4()
    {
        Label quoted = _to.NewLabel();
        RequireOctets(IcmpErrorView.HeaderSize);
        _to.Load(Width.Octet, R0, R7, 0);
        _to.JumpIf(Condition.Equal, R0, IcmpErrorView.DestinationUnreachable, quoted);
        _to.JumpIf(Condition.Equal, R0, IcmpErrorView.TimeExceeded, quoted);
        _to.JumpIf(Condition.NotEqual, R0, IcmpErrorView.ParameterProblem, _pass);
        _to.Place(quoted);
        _to.Do(Arithmetic.Add, R7, IcmpErrorView.HeaderSize);
        RequireIpv4Header();
        _to.Load(Width.Half, R0, R7, 6);
        _to.JumpIf(Condition.AnyBit, R0, Swapped(0x1FFF), _pass); // a later piece names no flow
        _to.Load(Width.Octet, R9, R7, 9);
        RequireProtocolWithPorts();
        Copy(12, KeyAt, sizeof(uint)); // source of the quoted packet
        SkipIpv4Header();
        RequireOctets(PortsSize);
        _to.Load(Width.Half, R1, R7, 0); // source port of the quoted packet
        _to.Jump(_look);
    }

    private void EmitTransport()
    {
        _to.Place(_transport);
        RequireProtocolWithPorts();
        RequireOctets(PortsSize);
        _to.Load(Width.Half, R1, R7, 2); // destination port
        _to.Jump(_look);
    }

    private void RequireProtocolWithPorts()
    {
        Label known = _to.NewLabel();
        _to.JumpIf(Condition.Equal, R9, Ipv4View.ProtocolTcp, known);
        _to.JumpIf(Condition.Equal, R9, Ipv4View.ProtocolUdp, known);
        _to.JumpIf(Condition.NotEqual, R9, Ipv4View.ProtocolSctp, _pass);
        _to.Place(known);
    }

    private void RequireOctets(int octets)
    {
        _to.Do(Arithmetic.Move, R2, R7);
        _to.Do(Arithmetic.Add, R2, octets);
        _to.JumpIf(Condition.Above, R2, R8, _malformed);
    }

    /// <summary>Copies words from R7 to the stack. R1 is lost.</summary>
    private void Copy(int from, int to, int octets)
    {
        for (int i = 0; i < octets; i += sizeof(uint))
        {
            _to.Load(Width.Word, R1, R7, from + i);
            _to.Store(Width.Word, R10, to + i, R1);
        }
    }

    /// <summary>R7 advances by so many units as a register's lowest bits say: one bit after the other.</summary>
    private void AdvanceBy(Register units, int unit, int bits)
    {
        for (int bit = 0; bit < bits; bit++)
        {
            Label isSet = _to.NewLabel(), next = _to.NewLabel();
            _to.JumpIf(Condition.AnyBit, units, 1u << bit, isSet);
            _to.Jump(next);
            _to.Place(isSet);
            _to.Do(Arithmetic.Add, R7, unit << bit);
            _to.Place(next);
        }
    }

    private static ushort Swapped(ushort value) => BinaryPrimitives.ReverseEndianness(value);
}
