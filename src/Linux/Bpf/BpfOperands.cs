namespace XdpLvs.Linux.Bpf;

/// <summary>
/// The eleven BPF registers. R1 to R5 are lost in a call, R6 to R9 survive it, R10 is the stack's top.
/// </summary>
public enum Register : byte
{
    /// <summary>Result of a call and of the program.</summary>
    R0,

    /// <summary>First argument; the context when the program starts.</summary>
    R1,

    /// <summary>Second argument.</summary>
    R2,

    /// <summary>Third argument.</summary>
    R3,

    /// <summary>Fourth argument.</summary>
    R4,

    /// <summary>Fifth argument.</summary>
    R5,

    /// <summary>Survives calls.</summary>
    R6,

    /// <summary>Survives calls.</summary>
    R7,

    /// <summary>Survives calls.</summary>
    R8,

    /// <summary>Survives calls.</summary>
    R9,

    /// <summary>Read-only frame pointer; the stack lies below it.</summary>
    R10,
}

/// <summary>Width of a memory access.</summary>
public enum Width : byte
{
    /// <summary>Four octets.</summary>
    Word = 0x00,

    /// <summary>Two octets.</summary>
    Half = 0x08,

    /// <summary>One octet.</summary>
    Octet = 0x10,

    /// <summary>Eight octets.</summary>
    Double = 0x18,
}

/// <summary>Arithmetic on 64 bits.</summary>
public enum Arithmetic : byte
{
    /// <summary>Sum.</summary>
    Add = 0x00,

    /// <summary>Difference.</summary>
    Subtract = 0x10,

    /// <summary>Product, its lower 64 bits.</summary>
    Multiply = 0x20,

    /// <summary>Bitwise or.</summary>
    Or = 0x40,

    /// <summary>Bitwise and.</summary>
    And = 0x50,

    /// <summary>Shift towards the most significant bit.</summary>
    ShiftLeft = 0x60,

    /// <summary>Shift towards the least significant bit, filling with zeros.</summary>
    ShiftRight = 0x70,

    /// <summary>Bitwise exclusive or.</summary>
    Xor = 0xa0,

    /// <summary>Copy.</summary>
    Move = 0xb0,
}

/// <summary>Conditions of a jump; all compare unsigned.</summary>
public enum Condition : byte
{
    /// <summary>Left equals right.</summary>
    Equal = 0x10,

    /// <summary>Left is above right.</summary>
    Above = 0x20,

    /// <summary>Left is not below right.</summary>
    AboveOrEqual = 0x30,

    /// <summary>The two share a set bit.</summary>
    AnyBit = 0x40,

    /// <summary>Left differs from right.</summary>
    NotEqual = 0x50,

    /// <summary>Left is below right.</summary>
    Below = 0xa0,
}
