using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using XdpLvs.Linux.Bpf;
using Xunit;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Linux.Tests;

/// <summary>
/// Each kind of instruction as octets, least significant first, and the structs that carry them to the kernel.
/// </summary>
/// <remarks>
/// Linux Documentation/bpf/standardization/instruction-set.rst; one instruction is code, registers, offset, value.
/// </remarks>
public sealed class BpfAssemblerTests
{
    private readonly BpfAssembler _to = new();

    /// <summary>union bpf_attr as a C program printed it, compiled against linux/bpf.h of Linux 6.1.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Offsets =>
    [
        Row<MapCreateAttributes>("map_type 0 key_size 4 value_size 8 max_entries 12 map_flags 16 inner_map_fd 20 "
            + "numa_node 24 map_name 28"),
        Row<MapElementAttributes>("map_fd 0 key 8 value 16 flags 24"),
        Row<ProgramLoadAttributes>("prog_type 0 insn_cnt 4 insns 8 license 16 log_level 24 log_size 28 log_buf 32 "
            + "kern_version 40 prog_flags 44 prog_name 48 prog_ifindex 64 expected_attach_type 68"),
        Row<TestRunAttributes>("prog_fd 0 retval 4 data_size_in 8 data_size_out 12 data_in 16 data_out 24 repeat 32 "
            + "duration 36 ctx_size_in 40 ctx_size_out 44 ctx_in 48 ctx_out 56 flags 64 cpu 68 batch_size 72"),
        Row<LinkCreateAttributes>("prog_fd 0 target_ifindex 4 attach_type 8 flags 12"),
    ];

    [Theory]
    [InlineData(Width.Octet, "7112FEFF00000000")]
    [InlineData(Width.Half, "6912FEFF00000000")]
    [InlineData(Width.Word, "6112FEFF00000000")]
    [InlineData(Width.Double, "7912FEFF00000000")]
    public void Loads(Width width, string octets)
    {
        _to.Load(width, R2, R1, -2);
        Emits(octets);
    }

    [Theory]
    [InlineData(Width.Octet, "732A0C0000000000")]
    [InlineData(Width.Half, "6B2A0C0000000000")]
    [InlineData(Width.Word, "632A0C0000000000")]
    [InlineData(Width.Double, "7B2A0C0000000000")]
    public void Stores_a_register(Width width, string octets)
    {
        _to.Store(width, R10, 12, R2);
        Emits(octets);
    }

    [Theory]
    [InlineData(Width.Octet, "720AF0FFFFFFFFFF")]
    [InlineData(Width.Half, "6A0AF0FFFFFFFFFF")]
    [InlineData(Width.Word, "620AF0FFFFFFFFFF")]
    [InlineData(Width.Double, "7A0AF0FFFFFFFFFF")]
    public void Stores_a_value(Width width, string octets)
    {
        _to.Store(width, R10, -16, -1);
        Emits(octets);
    }

    [Fact]
    public void Loads_a_value_of_64_bits_in_two_instructions()
    {
        _to.Load(R3, 0x1122334455667788);
        Emits("1803000088776655", "0000000044332211");
    }

    [Fact]
    public void Forgets_the_upper_half_and_turns_the_order_of_octets()
    {
        _to.Narrow(R4);
        _to.Swap(R5, 16);
        _to.Swap(R5, 64);
        Emits("BC44000000000000", "DC05000010000000", "DC05000040000000");
    }

    [Theory]
    [InlineData(Arithmetic.Add, "07", "0F")]
    [InlineData(Arithmetic.Subtract, "17", "1F")]
    [InlineData(Arithmetic.Multiply, "27", "2F")]
    [InlineData(Arithmetic.Or, "47", "4F")]
    [InlineData(Arithmetic.And, "57", "5F")]
    [InlineData(Arithmetic.ShiftLeft, "67", "6F")]
    [InlineData(Arithmetic.ShiftRight, "77", "7F")]
    [InlineData(Arithmetic.Xor, "A7", "AF")]
    [InlineData(Arithmetic.Move, "B7", "BF")]
    public void Calculates(Arithmetic operation, string byValue, string byRegister)
    {
        _to.Do(operation, R3, 0x01020304);
        _to.Do(operation, R3, R9);
        Emits(byValue + "03000004030201", byRegister + "93000000000000");
    }

    [Fact]
    public void Adds_atomically()
    {
        _to.AtomicAdd(R0, 8, R1);
        Emits("DB10080000000000");
    }

    [Theory]
    [InlineData(Condition.Equal, "16", "1D")]
    [InlineData(Condition.Above, "26", "2D")]
    [InlineData(Condition.AboveOrEqual, "36", "3D")]
    [InlineData(Condition.AnyBit, "46", "4D")]
    [InlineData(Condition.NotEqual, "56", "5D")]
    [InlineData(Condition.Below, "A6", "AD")]
    public void Jumps_on_a_condition(Condition condition, string byValue, string byRegister)
    {
        Label end = _to.NewLabel();
        _to.JumpIf(condition, R4, 0xFFFFFFFE, end); // on 32 bits: nothing is sign-extended
        _to.JumpIf(condition, R4, R5, end);
        _to.Place(end);
        _to.Exit();
        Emits(byValue + "040100FEFFFFFF", byRegister + "54000000000000", "9500000000000000");
    }

    [Fact]
    public void Jumps_on_null_comparing_64_bits()
    {
        Label end = _to.NewLabel();
        _to.JumpIfNull(R7, end);
        _to.Call(51);
        _to.Place(end);
        _to.Exit();
        Emits("1507010000000000", "8500000033000000", "9500000000000000");
    }

    [Fact]
    public void Jumps_forwards_and_backwards_by_instructions_between()
    {
        Label start = _to.NewLabel(), end = _to.NewLabel();
        _to.Place(start);
        _to.Jump(end);
        _to.Jump(start);
        _to.Jump(start);
        _to.Place(end);
        _to.Exit();
        Emits("0500020000000000", "0500FEFF00000000", "0500FDFF00000000", "9500000000000000");
    }

    [Fact]
    public void A_map_takes_two_instructions_and_a_jump_counts_both()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: makes a BPF map");
        using var map = new BpfMap(BpfMapType.Hash, 4, 4, 1, "xdplvs_test");
        Label end = _to.NewLabel();
        _to.Jump(end);
        _to.LoadMap(R1, map);
        _to.Place(end);
        _to.Exit();
        string number = Convert.ToHexString(BitConverter.GetBytes(map.Descriptor.Number));
        Emits("0500020000000000", "18110000" + number, "0000000000000000", "9500000000000000");
    }

    [Fact]
    public void A_jump_to_a_label_that_was_never_placed_is_refused()
    {
        _to.Exit();
        _to.Jump(_to.NewLabel());

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(_to.Assemble);
        Assert.Contains("jump at 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jump_or_an_offset_beyond_16_bits_is_refused()
    {
        Assert.Throws<OverflowException>(() => _to.Load(Width.Word, R1, R1, 32_768));
        Label end = _to.NewLabel();
        _to.Jump(end);
        for (int i = 0; i < 32_768; i++)
        {
            _to.Exit();
        }

        _to.Place(end);
        Assert.Throws<OverflowException>(_to.Assemble);
    }

    [Fact]
    public void What_the_verifier_refuses_is_told_in_its_words()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: loads a BPF program");
        _to.Exit(); // without an answer in R0

        LinuxException refused = Assert.Throws<LinuxException>(() => BpfProgram.LoadXdp(_to.Assemble(), "xdplvs_test"));
        Assert.Contains("R0 !read_ok", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Offsets))]
    public void The_structs_lie_in_memory_as_the_kernel_has_them(string type, string table)
    {
        Type actual = typeof(BpfMap).Assembly.GetType(type)!;
        string[] words = table.Split(' ');
        for (int i = 0; i < words.Length; i += 2)
        {
            Assert.Equal(words[i + 1], $"{Marshal.OffsetOf(actual, words[i])}");
        }
    }

    private static TheoryDataRow<string, string> Row<T>(string table) => new(typeof(T).FullName!, table);

    private void Emits(params string[] instructions) => Assert.Equal(
        instructions, Array.ConvertAll(_to.Assemble(), code => Convert.ToHexString(BitConverter.GetBytes(code))));
}
