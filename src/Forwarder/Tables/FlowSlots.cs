using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace XdpLvs.Forwarder.Tables;

/// <summary>How a flow lies in its slot. The word that makes it valid is the first.</summary>
internal interface IFlowSlots
{
    /// <summary>64-bit words of a slot.</summary>
    static abstract int Words { get; }

    /// <summary>Slots that share a cache line.</summary>
    static abstract int PerBucket { get; }

    /// <summary>Whether the deadline lies in the slot; else it lies apart.</summary>
    static abstract bool HasDeadline { get; }

    /// <summary>The deadline there; asked only when <see cref="HasDeadline"/>.</summary>
    static abstract ref uint Deadline(ref ulong slot);

    /// <summary>
    /// Whether the addresses there are those; read between two looks at the word that makes them valid.
    /// </summary>
    static abstract bool HasAddresses(ref ulong slot, in FlowId id);

    /// <summary>Writes the addresses; the word that makes them valid comes after.</summary>
    static abstract void SetAddresses(ref ulong slot, in FlowId id);

    /// <summary>The key there, with the word that was read before.</summary>
    static abstract FlowId Read(ref ulong slot, ulong word);
}

/// <summary>IPv4: 16 octets, four to a cache line.</summary>
internal readonly struct SlotsV4 : IFlowSlots
{
    public static int Words => 2;

    public static int PerBucket => 4;

    public static bool HasDeadline => false;

    public static ref uint Deadline(ref ulong slot) => ref Unsafe.NullRef<uint>();

    public static bool HasAddresses(ref ulong slot, in FlowId id) =>
        Volatile.Read(ref Unsafe.Add(ref slot, 1)) == id.Addresses;

    public static void SetAddresses(ref ulong slot, in FlowId id) =>
        Volatile.Write(ref Unsafe.Add(ref slot, 1), id.Addresses);

    public static FlowId Read(ref ulong slot, ulong word) => FlowId.FromSlot(
        Volatile.Read(ref Unsafe.Add(ref slot, 1)), 0, 0, 0, word);
}

/// <summary>IPv6: key and deadline in 44 octets, the rest padding, a cache line.</summary>
internal readonly struct SlotsV6 : IFlowSlots
{
    public static int Words => 8;

    public static int PerBucket => 1;

    public static bool HasDeadline => true;

    public static ref uint Deadline(ref ulong slot) => ref Unsafe.As<ulong, uint>(ref Unsafe.Add(ref slot, 5));

    public static bool HasAddresses(ref ulong slot, in FlowId id) =>
        At(ref slot, 1) == id.Addresses && At(ref slot, 2) == id.ClientLow
        && At(ref slot, 3) == id.ServiceHigh && At(ref slot, 4) == id.ServiceLow;

    public static void SetAddresses(ref ulong slot, in FlowId id)
    {
        Span<ulong> words = MemoryMarshal.CreateSpan(ref slot, 5);
        Volatile.Write(ref words[1], id.Addresses);
        Volatile.Write(ref words[2], id.ClientLow);
        Volatile.Write(ref words[3], id.ServiceHigh);
        Volatile.Write(ref words[4], id.ServiceLow);
    }

    public static FlowId Read(ref ulong slot, ulong word) => FlowId.FromSlot(
        At(ref slot, 1), At(ref slot, 2), At(ref slot, 3), At(ref slot, 4), word);

    private static ulong At(ref ulong slot, int index) =>
        Volatile.Read(ref Unsafe.Add(ref slot, index));
}
