using System;
using System.Collections.Generic;

namespace XdpLvs.Linux.Bpf;

/// <summary>A place in the program that jumps can name before it is reached.</summary>
public readonly record struct Label(int Number);

/// <summary>Writes BPF instructions with labels. Knows nothing of packets.</summary>
/// <remarks>
/// Encoding: Linux Documentation/bpf/standardization/instruction-set.rst. One instruction is
/// opcode:8, destination:4, source:4, offset:16, immediate:32, least significant first.
/// </remarks>
public sealed class BpfAssembler
{
    private const byte ClassLoadImmediate = 0x18, ClassLoad = 0x61, ClassStoreImmediate = 0x62, ClassStore = 0x63;
    private const byte ClassJump = 0x05, ClassJump32 = 0x06, ClassArithmetic = 0x07, FromRegister = 0x08;
    private const byte OpCall = 0x85, OpExit = 0x95, OpGoto = 0x05, OpAtomicAdd = 0xdb;
    private const byte OpNarrow = 0xbc, OpToBigEndian = 0xdc;
    private const byte PseudoMapDescriptor = 1, PseudoMapValue = 2;

    private readonly List<ulong> _code = [];
    private readonly List<int> _labels = [];
    private readonly List<(int At, Label To)> _jumps = [];
    private readonly Dictionary<int, string> _notes = [];
    private readonly Dictionary<int, string> _maps = [];

    /// <summary>What <see cref="Note"/> said, by the number of the instruction that follows it.</summary>
    public IReadOnlyDictionary<int, string> Notes => _notes;

    /// <summary>Names of maps, by the number of the instruction that loads one.</summary>
    public IReadOnlyDictionary<int, string> Maps => _maps;

    /// <summary>Says in a listing what comes next.</summary>
    public void Note(string text) => _notes[_code.Count] = text;

    /// <summary>Makes a label to be placed later by <see cref="Place"/>.</summary>
    public Label NewLabel()
    {
        _labels.Add(-1);
        return new Label(_labels.Count - 1);
    }

    /// <summary>The label now names the next instruction.</summary>
    public void Place(Label label) => _labels[label.Number] = _code.Count;

    /// <summary>target = memory[source + offset].</summary>
    public void Load(Width width, Register target, Register source, int offset) =>
        Emit((byte)(ClassLoad | (byte)width), target, source, offset, 0);

    /// <summary>memory[target + offset] = source.</summary>
    public void Store(Width width, Register target, int offset, Register source) =>
        Emit((byte)(ClassStore | (byte)width), target, source, offset, 0);

    /// <summary>memory[target + offset] = value.</summary>
    public void Store(Width width, Register target, int offset, int value) =>
        Emit((byte)(ClassStoreImmediate | (byte)width), target, 0, offset, value);

    /// <summary>memory[target + offset] += source, atomically on 64 bits.</summary>
    public void AtomicAdd(Register target, int offset, Register source) =>
        Emit(OpAtomicAdd, target, source, offset, 0);

    /// <summary>target = target op value. The value is sign-extended to 64 bits.</summary>
    public void Do(Arithmetic operation, Register target, int value) =>
        Emit((byte)(ClassArithmetic | (byte)operation), target, 0, 0, value);

    /// <summary>target = target op source.</summary>
    public void Do(Arithmetic operation, Register target, Register source) =>
        Emit((byte)(ClassArithmetic | (byte)operation | FromRegister), target, source, 0, 0);

    /// <summary>target = a 64-bit value.</summary>
    public void Load(Register target, ulong value) =>
        EmitWide(target, 0, unchecked((int)value), unchecked((int)(value >> 32)));

    /// <summary>Forgets the upper 32 bits.</summary>
    public void Narrow(Register target) => Emit(OpNarrow, target, target, 0, 0);

    /// <summary>Turns the lowest 16, 32 or 64 bits from network byte order to the processor's, or back; the others
    /// become zero.</summary>
    public void Swap(Register target, int bits) => Emit(OpToBigEndian, target, 0, 0, bits);

    /// <summary>Jumps when left condition value, compared on 32 bits so that no sign extension can surprise.</summary>
    public void JumpIf(Condition condition, Register left, uint value, Label target)
    {
        _jumps.Add((_code.Count, target));
        Emit((byte)(ClassJump32 | (byte)condition), left, 0, 0, unchecked((int)value));
    }

    /// <summary>Jumps when left condition right, compared on 64 bits.</summary>
    public void JumpIf(Condition condition, Register left, Register right, Label target)
    {
        _jumps.Add((_code.Count, target));
        Emit((byte)(ClassJump | (byte)condition | FromRegister), left, right, 0, 0);
    }

    /// <summary>Jumps when a pointer that a helper returned is null.</summary>
    public void JumpIfNull(Register pointer, Label target)
    {
        _jumps.Add((_code.Count, target));
        Emit(ClassJump | (byte)Condition.Equal, pointer, 0, 0, 0);
    }

    /// <summary>Jumps always.</summary>
    public void Jump(Label target)
    {
        _jumps.Add((_code.Count, target));
        Emit(OpGoto, 0, 0, 0, 0);
    }

    /// <summary>target = a pointer to the map, in the kernel's eyes.</summary>
    public void LoadMap(Register target, BpfMap map)
    {
        _maps[_code.Count] = map.Name;
        EmitWide(target, PseudoMapDescriptor, map.Descriptor.Number, 0);
    }

    /// <summary>target = a pointer to the only value of an array, without a lookup.</summary>
    public void LoadValue(Register target, BpfMap map)
    {
        _maps[_code.Count] = map.Name;
        EmitWide(target, PseudoMapValue, map.Descriptor.Number, 0);
    }

    /// <summary>Calls a helper by its number in linux/bpf.h.</summary>
    public void Call(int helper) => Emit(OpCall, 0, 0, 0, helper);

    /// <summary>Ends the program; R0 is its answer.</summary>
    public void Exit() => Emit(OpExit, 0, 0, 0, 0);

    /// <summary>The finished program, jumps resolved.</summary>
    public ulong[] Assemble()
    {
        ulong[] code = [.. _code];
        foreach ((int at, Label to) in _jumps)
        {
            int place = _labels[to.Number];
            if (place < 0)
            {
                throw new InvalidOperationException($"the jump at {at} goes to a label that was never placed");
            }

            code[at] |= (ulong)unchecked((ushort)checked((short)(place - at - 1))) << 16;
        }

        return code;
    }

    /// <summary>An instruction of two: its 64-bit immediate is spread over both.</summary>
    private void EmitWide(Register target, byte source, int low, int high)
    {
        Emit(ClassLoadImmediate, target, (Register)source, 0, low);
        Emit(0, 0, 0, 0, high);
    }

    private void Emit(byte opcode, Register target, Register source, int offset, int value) =>
        _code.Add(opcode
            | ((ulong)target << 8)
            | ((ulong)source << 12)
            | ((ulong)unchecked((ushort)checked((short)offset)) << 16)
            | ((ulong)unchecked((uint)value) << 32));
}
