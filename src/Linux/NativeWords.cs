using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace XdpLvs.Linux;

/// <summary>A fixed array outside the collector's heap: never moved, committed page by page as it is touched.</summary>
/// <typeparam name="T">A word that the processor reads and writes in one piece.</typeparam>
public sealed unsafe class NativeWords<T> : IDisposable
    where T : unmanaged
{
    private readonly Mapping _memory;
    private readonly T* _first;

    /// <summary>Zeroed memory for <paramref name="count"/> words.</summary>
    public NativeWords(int count, string subject)
        : this(Mapping.Anonymous((ulong)count * (ulong)sizeof(T), subject), count)
    {
    }

    /// <summary>Memory that is mapped already; it belongs to this object from now on.</summary>
    internal NativeWords(Mapping memory, int count)
    {
        _memory = memory;
        _first = (T*)memory.Pointer;
        Count = count;
    }

    /// <summary>Words held.</summary>
    public int Count { get; }

    /// <summary>
    /// One word, to be used with <see cref="System.Threading.Volatile"/> or Interlocked. Checked in Debug only.
    /// </summary>
    public ref T this[int index]
    {
        get
        {
            Debug.Assert((uint)index < (uint)Count, "index outside the native array");
            return ref _first[index];
        }
    }

    /// <summary>Asks the processor to bring a word nearer; where it cannot be asked, nothing happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "index outside the native array");
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_first + index);
        }
    }

    /// <summary>Unmaps. Nobody may touch the words any more.</summary>
    public void Dispose() => _memory.Dispose();
}
