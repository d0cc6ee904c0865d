using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Offload;

/// <summary>
/// Emits the offload: the way of a <see cref="PlainFrame"/>, and of its likes in IPv6, SCTP and VLANs, once more for
/// the kernel. It forwards a frame or says nothing about it: whatever it does not take goes on at a label, untouched.
/// </summary>
/// <remarks>
/// R6 holds the context, R7 the frame, R8 its end until the deadline of the flow takes its place, R9 its length until
/// that of the IP packet does. Offsets are constants: one block for each family and number of VLAN tags, so that the
/// verifier asks for no privilege. Little-endian processors only, as x86-64 and Arm64 are.
/// </remarks>
internal sealed partial class OffloadCode
{
    private const int HelperProcessor = 8, HelperRedirectMap = 51, HelperFrameLength = 188;
    private const int ActionDrop = 1, ActionTransmit = 3;
    private const int TypeAt = EthernetView.HeaderSize - 2, SourceEndAt = 8;

    // Multipliers of FlowTable.Locate.
    private const ulong Mix1 = 0x9E3779B97F4A7C15, Mix2 = 0xC2B2AE3D27D4EB4F, Mix3 = 0x165667B19E3779F9;
    private const ulong MixLast = 0xBF58476D1CE4E5B9;

    private readonly BpfAssembler _to;
    private readonly OffloadMaps _maps;
    private readonly OffloadShape _shape;
    private readonly Label _decline;

    private OffloadCode(BpfAssembler to, OffloadMaps maps, OffloadShape shape, Label decline)
    {
        _to = to;
        _maps = maps;
        _shape = shape;
        _decline = decline;
    }

    /// <summary>Emits it at the start of a program.</summary>
    /// <param name="to">The assembler, empty.</param>
    /// <param name="own">The MAC address that frames for us have.</param>
    /// <param name="maps">The memory that is shared.</param>
    /// <param name="shape">Its sizes, and how frames leave.</param>
    /// <param name="decline">Where the program goes on with what is not forwarded; R1 holds the context there.</param>
    internal static void Emit(BpfAssembler to, MacAddress own, OffloadMaps maps, OffloadShape shape, Label decline)
    {
        var code = new OffloadCode(to, maps, shape, to.NewLabel());
        code.EmitBegin(own);
        code.EmitFamilies();
        to.Place(code._decline);
        to.Note("not for the offload: as if it were not there");
        to.Do(Arithmetic.Move, R1, R6);
        to.Jump(decline);
    }

    private void EmitBegin(MacAddress own)
    {
        _to.Note("offload: only while the director was seen lately");
        _to.Do(Arithmetic.Move, R6, R1);
        _to.Call(KernelTicks.Helper);
        _to.LoadValue(R1, _maps.Beat);
        _to.Load(Width.Double, R1, R1, OffloadLayout.AliveUntilAt);
        _to.JumpIf(Condition.Above, R0, R1, _decline);

        _to.Note("the frame: to us, and from no director");
        _to.Do(Arithmetic.Move, R1, R6);
        _to.Call(HelperFrameLength);
        _to.Do(Arithmetic.Move, R9, R0);
        _to.Load(Width.Word, R7, R6, 0); // xdp_md.data
        _to.Load(Width.Word, R8, R6, 4); // xdp_md.data_end
        RequireOctets(EthernetView.HeaderSize);
        Span<byte> octets = stackalloc byte[6];
        own.CopyTo(octets);
        _to.Load(Width.Word, R1, R7, 0);
        _to.JumpIf(Condition.NotEqual, R1, BitConverter.ToUInt32(octets), _decline);
        _to.Load(Width.Half, R1, R7, 4);
        _to.JumpIf(Condition.NotEqual, R1, BitConverter.ToUInt16(octets[4..]), _decline);
        _to.Load(Width.Word, R1, R7, SourceEndAt);
        _to.LoadValue(R2, _maps.Directors);
        for (int i = 0; i < OffloadLayout.DirectorsMax; i++)
        {
            _to.Load(Width.Word, R3, R2, i * sizeof(uint));
            _to.JumpIf(Condition.Equal, R1, R3, _decline); // alike in four octets: user space looks closely
        }
    }

    private void EmitFamilies()
    {
        Label[] ipv4 = new Label[EthernetView.TagsMax + 1], ipv6 = new Label[EthernetView.TagsMax + 1];
        for (int tags = 0; tags <= EthernetView.TagsMax; tags++)
        {
            ipv4[tags] = _to.NewLabel();
            ipv6[tags] = _to.NewLabel();
            Label tagged = _to.NewLabel();
            int at = tags * EthernetView.TagSize;
            if (tags > 0)
            {
                RequireOctets(EthernetView.HeaderSize + at);
            }

            _to.Load(Width.Half, R1, R7, TypeAt + at);
            _to.JumpIf(Condition.Equal, R1, Swapped(EthernetView.TypeIpv4), ipv4[tags]);
            _to.JumpIf(Condition.Equal, R1, Swapped(EthernetView.TypeIpv6), ipv6[tags]);
            if (tags == EthernetView.TagsMax)
            {
                _to.Jump(_decline);
                break;
            }

            _to.JumpIf(Condition.Equal, R1, Swapped(EthernetView.TypeTag), tagged);
            _to.JumpIf(Condition.NotEqual, R1, Swapped(EthernetView.TypeServiceTag), _decline);
            _to.Place(tagged);
        }

        for (int tags = 0; tags <= EthernetView.TagsMax; tags++)
        {
            int networkAt = EthernetView.HeaderSize + (tags * EthernetView.TagSize);
            _to.Place(ipv4[tags]);
            EmitIpv4(networkAt);
            _to.Place(ipv6[tags]);
            EmitIpv6(networkAt);
        }
    }

    /// <summary>
    /// TCP, UDP and SCTP: only what leaves a connection as it is, with nothing left to finish. R4 holds the protocol,
    /// R9 the size of the IP packet. Leaves the state, in its place in a slot's word, in R0, and in R8 the deadline.
    /// </summary>
    /// <param name="networkAt">Where the IP header lies.</param>
    /// <param name="headerSize">Octets of the IP header.</param>
    /// <param name="emitPseudoSum">Adds up, to R1, the addresses, R9 less the header, and R4; as is in the frame.
    /// </param>
    private void EmitTransport(int networkAt, int headerSize, Action emitPseudoSum)
    {
        Label udp = _to.NewLabel(), sctp = _to.NewLabel(), compare = _to.NewLabel(), done = _to.NewLabel();
        int at = networkAt + headerSize;
        _to.JumpIf(Condition.Equal, R4, Ipv4View.ProtocolUdp, udp);
        _to.JumpIf(Condition.Equal, R4, Ipv4View.ProtocolSctp, sctp);
        _to.JumpIf(Condition.NotEqual, R4, Ipv4View.ProtocolTcp, _decline);
        RequireSize(at, headerSize, 20);
        _to.Load(Width.Octet, R1, R7, at + 13);
        _to.Do(Arithmetic.And, R1, (int)TcpControl.All);
        _to.JumpIf(Condition.NotEqual, R1, (uint)TcpControl.Ack, _decline);
        _to.Load(Width.Half, R5, R7, at + 16);
        EmitState(FlowState.Established, OffloadLayout.UntilTcpAt);
        _to.Jump(compare);

        _to.Place(udp);
        RequireSize(at, headerSize, 8);
        _to.Load(Width.Half, R5, R7, at + 6);
        EmitState(FlowState.Udp, OffloadLayout.UntilUdpAt);

        _to.Place(compare);
        _to.Note("a checksum that equals the pseudo header's sum is unfinished: user space finishes it");
        emitPseudoSum();
        Fold(R1, R2, exact: true);
        _to.JumpIf(Condition.Equal, R1, R5, _decline);
        _to.Jump(done);

        _to.Place(sctp);
        RequireSize(at, headerSize, 16);
        _to.Load(Width.Word, R1, R7, at + 8);
        _to.JumpIf(Condition.Equal, R1, 0u, _decline); // unfinished
        _to.Load(Width.Octet, R1, R7, at + 12);
        Label known = _to.NewLabel();
        _to.JumpIf(Condition.Equal, R1, 0u, known); // DATA
        _to.JumpIf(Condition.Below, R1, 3, _decline);
        _to.JumpIf(Condition.Above, R1, 5, _decline); // SACK, HEARTBEAT, HEARTBEAT ACK
        _to.Place(known);
        EmitState(FlowState.SctpEstablished, OffloadLayout.UntilSctpAt);
        _to.Place(done);
    }

    private void EmitState(FlowState state, int untilAt)
    {
        _to.LoadValue(R1, _maps.Beat);
        _to.Load(Width.Word, R8, R1, untilAt);
        _to.Do(Arithmetic.Move, R0, (int)FlowWord.With(0, state, 0));
    }

    /// <summary>R4: from the protocol to ports and protocol as the hash has them. R5: the word wanted.</summary>
    private void EmitKey(int transportAt)
    {
        _to.Load(Width.Word, R2, R7, transportAt);
        _to.Swap(R2, 32);
        _to.Do(Arithmetic.ShiftLeft, R2, 32);
        _to.Do(Arithmetic.ShiftLeft, R4, 24);
        _to.Do(Arithmetic.Or, R4, R2);
        _to.Do(Arithmetic.Move, R5, R4);
        _to.Do(Arithmetic.Or, R5, R0);
    }

    /// <summary>R1 = (R1 ^ R3) * multiplier; R1 ^= R1 >> shift. R2 is lost.</summary>
    private void Mix(Register with, ulong multiplier, int shift)
    {
        _to.Do(Arithmetic.Xor, R1, with);
        _to.Load(R2, multiplier);
        _to.Do(Arithmetic.Multiply, R1, R2);
        _to.Do(Arithmetic.Move, R2, R1);
        _to.Do(Arithmetic.ShiftRight, R2, shift);
        _to.Do(Arithmetic.Xor, R1, R2);
    }

    /// <summary>R0 = where the flow's first slot lies, in octets.</summary>
    private void FinishHash(ulong seed, int slotMask, int slotShift)
    {
        Mix(R4, seed, 29);
        _to.Load(R2, MixLast);
        _to.Do(Arithmetic.Multiply, R1, R2);
        _to.Do(Arithmetic.ShiftRight, R1, 32);
        _to.Do(Arithmetic.And, R1, slotMask);
        _to.Do(Arithmetic.ShiftLeft, R1, slotShift);
        _to.Do(Arithmetic.Move, R0, R1);
    }

    /// <summary>R1 points at a flow's deadline: it is alive, and is kept until R8. R3 and R4 are lost.</summary>
    private void EmitKeep()
    {
        Label kept = _to.NewLabel();
        _to.Note("alive; a line that stays clean need not be written back");
        _to.Load(Width.Word, R3, R1, 0);
        _to.LoadValue(R4, _maps.Beat);
        _to.Load(Width.Word, R4, R4, OffloadLayout.NowAt);
        _to.JumpIf(Condition.AboveOrEqual, R4, R3, _decline);
        _to.JumpIf(Condition.Equal, R3, R8, kept);
        _to.Store(Width.Word, R1, 0, R8);
        _to.Place(kept);
    }

    /// <summary>R2 holds the flow's word, R9 the size of the IP packet: the real server's turn.</summary>
    private void EmitForward(Action emitHop)
    {
        _to.Note("the real server: in service, and the packet fits");
        _to.Do(Arithmetic.And, R2, ushort.MaxValue);
        if (_shape.Targets <= ushort.MaxValue)
        {
            _to.JumpIf(Condition.AboveOrEqual, R2, (uint)_shape.Targets, _decline);
        }

        _to.Do(Arithmetic.ShiftLeft, R2, OffloadLayout.TargetShift);
        _to.LoadValue(R1, _maps.Targets);
        _to.Do(Arithmetic.Add, R1, R2);
        _to.Load(Width.Double, R3, R1, OffloadLayout.MacsEndAt); // MACs, size and exit of one moment
        _to.Do(Arithmetic.Move, R4, R3);
        _to.Do(Arithmetic.ShiftRight, R4, 32);
        _to.Do(Arithmetic.And, R4, ushort.MaxValue);
        _to.JumpIf(Condition.Above, R9, R4, _decline);

        _to.Note("LVS-DR: both MACs, one hop");
        _to.Load(Width.Double, R4, R1, OffloadLayout.MacsAt);
        _to.Store(Width.Double, R7, 0, R4);
        _to.Store(Width.Word, R7, sizeof(ulong), R3);
        emitHop();
        _to.Do(Arithmetic.Move, R8, R3);
        _to.Do(Arithmetic.ShiftRight, R8, 48); // the exit
        _to.Do(Arithmetic.Move, R6, R2);

        _to.Note("count: this processor's own words");
        _to.Call(HelperProcessor);
        _to.Do(Arithmetic.And, R0, _shape.Processors - 1);
        _to.Do(Arithmetic.ShiftLeft, R0, _shape.CountsShift);
        _to.Do(Arithmetic.Add, R0, R6);
        _to.LoadValue(R1, _maps.Counts);
        _to.Do(Arithmetic.Add, R1, R0);
        _to.Load(Width.Double, R2, R1, OffloadLayout.PacketsAt);
        _to.Do(Arithmetic.Add, R2, 1);
        _to.Store(Width.Double, R1, OffloadLayout.PacketsAt, R2);
        _to.Load(Width.Double, R2, R1, OffloadLayout.OctetsAt);
        _to.Do(Arithmetic.Add, R2, R9);
        _to.Store(Width.Double, R1, OffloadLayout.OctetsAt, R2);
        EmitLeave();
    }

    /// <summary>R8 holds the exit: back out, or by another interface.</summary>
    private void EmitLeave()
    {
        Label back = _to.NewLabel();
        if (!_shape.ReturnsByRedirect)
        {
            _to.JumpIf(Condition.Equal, R8, 0u, back);
        }

        _to.LoadMap(R1, _maps.Exits);
        _to.Do(Arithmetic.Move, R2, R8);
        _to.Do(Arithmetic.Move, R3, ActionDrop);
        _to.Call(HelperRedirectMap);
        _to.Exit();
        if (!_shape.ReturnsByRedirect)
        {
            _to.Place(back);
            _to.Do(Arithmetic.Move, R0, ActionTransmit);
            _to.Exit();
        }
    }

    private void RequireOctets(int octets)
    {
        _to.Do(Arithmetic.Move, R2, R7);
        _to.Do(Arithmetic.Add, R2, octets);
        _to.JumpIf(Condition.Above, R2, R8, _decline);
    }

    /// <summary>The transport header lies in the frame, and in the IP packet.</summary>
    private void RequireSize(int transportAt, int headerSize, int octets)
    {
        RequireOctets(transportAt + octets);
        _to.JumpIf(Condition.Below, R9, (uint)(headerSize + octets), _decline);
    }

    /// <summary>RFC 1071: folds a sum of some 32-bit words to 16 bits.</summary>
    /// <param name="sum">Below 2^36.</param>
    /// <param name="spare">Is lost.</param>
    /// <param name="exact">Without it, a sum may be left as 0x10000 for 1.</param>
    private void Fold(Register sum, Register spare, bool exact)
    {
        _to.Do(Arithmetic.Move, spare, sum);
        _to.Do(Arithmetic.ShiftRight, spare, 32);
        _to.Narrow(sum);
        _to.Do(Arithmetic.Add, sum, spare);
        for (int i = 0; i < (exact ? 3 : 2); i++)
        {
            _to.Do(Arithmetic.Move, spare, sum);
            _to.Do(Arithmetic.ShiftRight, spare, 16);
            _to.Do(Arithmetic.And, sum, ushort.MaxValue);
            _to.Do(Arithmetic.Add, sum, spare);
        }
    }

    private static ushort Swapped(ushort value) => BinaryPrimitives.ReverseEndianness(value);
}
