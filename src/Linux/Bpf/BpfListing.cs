using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace XdpLvs.Linux.Bpf;

/// <summary>A program for people: an instruction a line, in the signs of the verifier's log, under its notes.</summary>
/// <remarks>Reads the octets that were loaded, not what the assembler was told.</remarks>
public static class BpfListing
{
    private const int Call = 0x85, Exit = 0x95, Goto = 0x05, Wide = 0x18, AtomicAdd = 0xdb, Swap = 0xdc;
    private const int ClassMask = 0x07, FromRegister = 0x08, OperationMask = 0xf0, WidthMask = 0x18;

    private static readonly Dictionary<int, string> Helpers = new()
    {
        [1] = "map_lookup_elem",
        [2] = "map_update_elem",
        [3] = "map_delete_elem",
        [8] = "get_smp_processor_id",
        [51] = "redirect_map",
        [118] = "jiffies64",
        [160] = "ktime_get_coarse_ns",
        [188] = "xdp_get_buff_len",
    };

    /// <summary>The whole program; each line ends with a line feed.</summary>
    public static string Of(BpfAssembler assembler)
    {
        ulong[] code = assembler.Assemble();
        HashSet<int> targets = [.. Enumerable.Range(0, code.Length).Select(at => Target(at, code[at])).OfType<int>()];
        var text = new StringBuilder();
        for (int at = 0; at < code.Length; at++)
        {
            if (assembler.Notes.TryGetValue(at, out string? note))
            {
                text.Append(CultureInfo.InvariantCulture, $"      ; {note}\n");
            }

            bool isWide = Code(code[at]) == Wide;
            string words = isWide
                ? Constant(code[at], code[at + 1], assembler.Maps.GetValueOrDefault(at))
                : Instruction(at, code[at]);
            text.Append(CultureInfo.InvariantCulture, $"{at,5}{(targets.Contains(at) ? ':' : ' ')} {words}\n");
            at += isWide ? 1 : 0;
        }

        return text.ToString();
    }

    private static int Code(ulong word) => (byte)word;

    private static int Offset(ulong word) => (short)(word >> 16);

    private static int Value(ulong word) => (int)(word >> 32);

    private static string Left(ulong word, char size = 'r') => $"{size}{(word >> 8) & 0xf}";

    private static string Right(ulong word, char size = 'r') => (Code(word) & FromRegister) == 0
        ? Value(word).ToString(CultureInfo.InvariantCulture)
        : $"{size}{(word >> 12) & 0xf}";

    /// <summary>Where an instruction may go on other than at the next; null when it cannot.</summary>
    private static int? Target(int at, ulong word) =>
        (Code(word) & ClassMask) is 5 or 6 && Code(word) is not (Call or Exit) ? at + 1 + Offset(word) : null;

    private static string Constant(ulong first, ulong second, string? map) => map is null
        ? $"{Left(first)} = 0x{((ulong)(uint)Value(second) << 32) | (uint)Value(first):x}"
        : $"{Left(first)} = {map}";

    private static string Instruction(int at, ulong word) => Code(word) switch
    {
        Call => $"call {Helpers.GetValueOrDefault(Value(word), "#" + Value(word))}",
        Exit => "exit",
        Goto => $"goto {Target(at, word)}",
        AtomicAdd => $"lock {Memory(word, Left(word), 64)} += {Right(word)}",
        Swap => $"{Left(word)} = be{Value(word)} {Left(word)}",
        _ => (Code(word) & ClassMask) switch
        {
            1 => $"{Left(word)} = {Memory(word, $"r{(word >> 12) & 0xf}", Bits(word))}",
            2 => $"{Memory(word, Left(word), Bits(word))} = {Value(word)}",
            3 => $"{Memory(word, Left(word), Bits(word))} = r{(word >> 12) & 0xf}",
            4 => Calculation(word, 'w'),
            5 => $"if {Comparison(word, 'r')} goto {Target(at, word)}",
            6 => $"if {Comparison(word, 'w')} goto {Target(at, word)}",
            _ => Calculation(word, 'r'),
        },
    };

    private static int Bits(ulong word) =>
        (Code(word) & WidthMask) switch { 0x00 => 32, 0x08 => 16, 0x10 => 8, _ => 64 };

    private static string Memory(ulong word, string pointer, int bits) =>
        $"*(u{bits} *)({pointer} {(Offset(word) < 0 ? '-' : '+')} {int.Abs(Offset(word))})";

    private static string Calculation(ulong word, char size)
    {
        string sign = (Arithmetic)(Code(word) & OperationMask) switch
        {
            Arithmetic.Add => "+=",
            Arithmetic.Subtract => "-=",
            Arithmetic.Multiply => "*=",
            Arithmetic.Or => "|=",
            Arithmetic.And => "&=",
            Arithmetic.ShiftLeft => "<<=",
            Arithmetic.ShiftRight => ">>=",
            Arithmetic.Xor => "^=",
            _ => "=",
        };
        return $"{Left(word, size)} {sign} {Right(word, size)}";
    }

    private static string Comparison(ulong word, char size)
    {
        string sign = (Condition)(Code(word) & OperationMask) switch
        {
            Condition.Equal => "==",
            Condition.Above => ">",
            Condition.AboveOrEqual => ">=",
            Condition.AnyBit => "&",
            Condition.NotEqual => "!=",
            _ => "<",
        };
        string right = size == 'w' && (Code(word) & FromRegister) == 0 ? $"0x{(uint)Value(word):x}" : Right(word, size);
        return $"{Left(word, size)} {sign} {right}";
    }
}
