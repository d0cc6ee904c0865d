using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Offload;

/// <summary>What differs between IPv4 and IPv6: the header, and the form of the slots.</summary>
internal sealed partial class OffloadCode
{
    private const int Ipv4Size = 20, Ipv6Size = 40, BucketsProbedV4 = 4, SlotsProbedV6 = 8;
    private const int SlotSizeV4 = 16, SlotShiftV4 = 4, SlotShiftV6 = 6, SlotsPerBucketV4 = 4, DeadlineAtV6 = 40;

    private void EmitIpv4(int at)
    {
        _to.Note($"IPv4 at {at}: no options, no piece, hops left, the size it says, a right header");
        RequireOctets(at + Ipv4Size);
        _to.Load(Width.Octet, R1, R7, at);
        _to.JumpIf(Condition.NotEqual, R1, 0x45, _decline);
        _to.Load(Width.Half, R1, R7, at + 6);
        _to.JumpIf(Condition.AnyBit, R1, Swapped(0xBFFF), _decline);
        _to.Load(Width.Octet, R1, R7, at + 8);
        _to.JumpIf(Condition.Below, R1, 2, _decline);
        _to.Load(Width.Half, R1, R7, at + 2);
        _to.Swap(R1, 16);
        TakeSize(at);
        _to.Load(Width.Word, R1, R7, at);
        _to.Load(Width.Word, R2, R7, at + 4);
        _to.Do(Arithmetic.Add, R1, R2);
        _to.Load(Width.Word, R2, R7, at + 8);
        _to.Do(Arithmetic.Add, R1, R2);
        _to.Load(Width.Double, R3, R7, at + 12);
        AddHalves(R3);
        Fold(R1, R2, exact: false);
        _to.JumpIf(Condition.NotEqual, R1, ushort.MaxValue, _decline);

        _to.Load(Width.Octet, R4, R7, at + 9);
        EmitTransport(at, Ipv4Size, () =>
        {
            _to.Do(Arithmetic.Move, R1, R9);
            _to.Do(Arithmetic.Subtract, R1, Ipv4Size);
            _to.Do(Arithmetic.Add, R1, R4);
            _to.Swap(R1, 16); // into the order of the frame, as the rest is
            AddHalves(R3);
        });
        EmitKey(at + Ipv4Size);
        _to.Swap(R3, 64);
        _to.Note("the flow: FlowTable.Locate, then FlowTable.TryKeep");
        _to.Do(Arithmetic.Move, R1, R3);
        _to.Load(R2, _shape.Seeds.V4A);
        Mix(R2, Mix1, 32);
        FinishHash(_shape.Seeds.V4B, (_shape.SlotsV4 - 1) & ~(SlotsPerBucketV4 - 1), SlotShiftV4);
        EmitFindV4();
        _to.Do(Arithmetic.ShiftRight, R0, 2); // four octets for each slot of sixteen
        _to.LoadValue(R1, _maps.DeadlinesV4);
        _to.Do(Arithmetic.Add, R1, R0);
        EmitKeep();
        EmitForward(() => EmitHopV4(at));
    }

    /// <summary>R3 addresses, R5 word, R0 the bucket. Leaves the slot in R0 and its word in R2.</summary>
    private void EmitFindV4()
    {
        Label found = _to.NewLabel();
        for (int bucket = 0; bucket < BucketsProbedV4; bucket++)
        {
            if (bucket > 0)
            {
                _to.Do(Arithmetic.Add, R0, SlotSizeV4);
                _to.Do(Arithmetic.And, R0, (_shape.SlotsV4 << SlotShiftV4) - (SlotSizeV4 * SlotsPerBucketV4));
            }

            _to.LoadValue(R4, _maps.WordsV4);
            _to.Do(Arithmetic.Add, R4, R0);
            for (int slot = 0; slot < SlotsPerBucketV4; slot++)
            {
                Label other = _to.NewLabel();
                int slotAt = slot * SlotSizeV4;
                if (slot > 0)
                {
                    _to.Do(Arithmetic.Add, R0, SlotSizeV4);
                }

                _to.Load(Width.Double, R2, R4, slotAt);
                _to.Do(Arithmetic.Move, R1, R2);
                _to.Do(Arithmetic.And, R1, ~(int)ushort.MaxValue);
                _to.JumpIf(Condition.NotEqual, R1, R5, other);
                _to.Load(Width.Double, R1, R4, slotAt + sizeof(ulong));
                _to.JumpIf(Condition.NotEqual, R1, R3, other);
                _to.Load(Width.Double, R1, R4, slotAt);
                _to.JumpIf(Condition.Equal, R1, R2, found);
                _to.Place(other);
                _to.JumpIfNull(R2, _decline);
            }
        }

        _to.Jump(_decline);
        _to.Place(found);
    }

    private void EmitHopV4(int at)
    {
        Label changed = _to.NewLabel();
        _to.Load(Width.Octet, R1, R7, at + 8);
        _to.Do(Arithmetic.Subtract, R1, 1);
        _to.Store(Width.Octet, R7, at + 8, R1);
        _to.Load(Width.Half, R1, R7, at + 10);
        _to.Do(Arithmetic.Add, R1, 1); // 0x0100 in the order of the frame; RFC 1624
        _to.Do(Arithmetic.Move, R4, R1);
        _to.Do(Arithmetic.ShiftRight, R4, 16);
        _to.Do(Arithmetic.Add, R1, R4);
        _to.Do(Arithmetic.And, R1, ushort.MaxValue);
        _to.JumpIf(Condition.NotEqual, R1, ushort.MaxValue, changed);
        _to.Do(Arithmetic.Move, R1, 0);
        _to.Place(changed);
        _to.Store(Width.Half, R7, at + 10, R1);
    }

    private void EmitIpv6(int at)
    {
        _to.Note($"IPv6 at {at}: no extension headers, hops left, the size it says");
        RequireOctets(at + Ipv6Size);
        _to.Load(Width.Octet, R1, R7, at);
        _to.Do(Arithmetic.And, R1, 0xF0);
        _to.JumpIf(Condition.NotEqual, R1, 0x60, _decline);
        _to.Load(Width.Octet, R1, R7, at + 7);
        _to.JumpIf(Condition.Below, R1, 2, _decline);
        _to.Load(Width.Half, R1, R7, at + 4);
        _to.Swap(R1, 16);
        _to.Do(Arithmetic.Add, R1, Ipv6Size);
        TakeSize(at);
        _to.Load(Width.Octet, R4, R7, at + 6);
        EmitTransport(at, Ipv6Size, () =>
        {
            _to.Do(Arithmetic.Move, R1, R9);
            _to.Do(Arithmetic.Subtract, R1, Ipv6Size);
            _to.Swap(R1, 16);
            _to.Do(Arithmetic.Move, R2, R4);
            _to.Do(Arithmetic.ShiftLeft, R2, 8);
            _to.Do(Arithmetic.Add, R1, R2);
            for (int word = 0; word < 8; word++)
            {
                _to.Load(Width.Word, R2, R7, at + 8 + (word * sizeof(uint)));
                _to.Do(Arithmetic.Add, R1, R2);
            }
        });
        EmitKey(at + Ipv6Size);
        _to.Note("the flow: FlowTable.Locate");
        LoadAddress(R1, at, 0);
        _to.Load(R2, _shape.Seeds.V6A);
        Mix(R2, Mix1, 32);
        LoadAddress(R3, at, 1);
        Mix(R3, Mix2, 31);
        LoadAddress(R3, at, 2);
        _to.Do(Arithmetic.Xor, R1, R3);
        LoadAddress(R3, at, 3);
        _to.Do(Arithmetic.ShiftLeft, R3, 1);
        Mix(R3, Mix3, 30);
        FinishHash(_shape.Seeds.V6B, _shape.SlotsV6 - 1, SlotShiftV6);
        EmitFindV6(at);
        _to.Do(Arithmetic.Move, R1, R4);
        _to.Do(Arithmetic.Add, R1, DeadlineAtV6);
        EmitKeep();
        EmitForward(() =>
        {
            _to.Load(Width.Octet, R1, R7, at + 7);
            _to.Do(Arithmetic.Subtract, R1, 1);
            _to.Store(Width.Octet, R7, at + 7, R1);
        });
    }

    /// <summary>R5 word, R0 the slot. Leaves a pointer to the slot in R4 and its word in R2.</summary>
    private void EmitFindV6(int at)
    {
        Label found = _to.NewLabel();
        for (int slot = 0; slot < SlotsProbedV6; slot++)
        {
            Label other = _to.NewLabel();
            if (slot > 0)
            {
                _to.Do(Arithmetic.Add, R0, 1 << SlotShiftV6);
                _to.Do(Arithmetic.And, R0, (_shape.SlotsV6 - 1) << SlotShiftV6);
            }

            _to.LoadValue(R4, _maps.WordsV6);
            _to.Do(Arithmetic.Add, R4, R0);
            _to.Load(Width.Double, R2, R4, 0);
            _to.Do(Arithmetic.Move, R1, R2);
            _to.Do(Arithmetic.And, R1, ~(int)ushort.MaxValue);
            _to.JumpIf(Condition.NotEqual, R1, R5, other);
            for (int word = 0; word < 4; word++)
            {
                LoadAddress(R1, at, word);
                _to.Load(Width.Double, R3, R4, (word + 1) * sizeof(ulong));
                _to.JumpIf(Condition.NotEqual, R1, R3, other);
            }

            _to.Load(Width.Double, R1, R4, 0);
            _to.JumpIf(Condition.Equal, R1, R2, found);
            _to.Place(other);
            _to.JumpIfNull(R2, _decline);
        }

        _to.Jump(_decline);
        _to.Place(found);
    }

    /// <summary>A quarter of both addresses in host order.</summary>
    private void LoadAddress(Register target, int at, int word)
    {
        _to.Load(Width.Double, target, R7, at + 8 + (word * sizeof(ulong)));
        _to.Swap(target, 64);
    }

    /// <summary>R1 holds the size that an IP header tells: no more than there is. R9 takes it.</summary>
    private void TakeSize(int at)
    {
        _to.Do(Arithmetic.Subtract, R9, at);
        _to.JumpIf(Condition.Above, R1, R9, _decline);
        _to.Do(Arithmetic.Move, R9, R1);
    }

    /// <summary>Adds both halves of a register to R1. R2 is lost.</summary>
    private void AddHalves(Register both)
    {
        _to.Do(Arithmetic.Move, R2, both);
        _to.Do(Arithmetic.ShiftRight, R2, 32);
        _to.Do(Arithmetic.Add, R1, R2);
        _to.Do(Arithmetic.Move, R2, both);
        _to.Narrow(R2);
        _to.Do(Arithmetic.Add, R1, R2);
    }
}
