using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace XdpLvs.Linux.Bpf;

/// <summary>Kinds of map used here; numbers of enum bpf_map_type.</summary>
public enum BpfMapType
{
    /// <summary>Keys found by hash.</summary>
    Hash = 1,

    /// <summary>Values by number.</summary>
    Array = 2,

    /// <summary>One array for each processor: counters without sharing.</summary>
    PerCpuArray = 6,

    /// <summary>Keys found by hash; when it is full, the one least recently used makes room.</summary>
    LruHash = 9,

    /// <summary>Interfaces by number: where frames are redirected to.</summary>
    DevMap = 14,

    /// <summary>AF_XDP sockets by queue number.</summary>
    XskMap = 17,
}

/// <summary>A BPF map, alive while this object or a loaded program holds it.</summary>
public sealed unsafe class BpfMap : IDisposable
{
    private const uint FlagNoPreallocation = 1, FlagMappable = 1 << 10;


    private BpfMap(FileDescriptor descriptor, int valueSize, string name)
    {
        Name = name;
        ValueSize = valueSize;
        Descriptor = descriptor;
    }

    /// <summary>Creates a map.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="keySize">Octets of a key.</param>
    /// <param name="valueSize">Octets of a value; for a per-processor map, of one processor's value.</param>
    /// <param name="entries">Entries at most.</param>
    /// <param name="name">At most 15 ASCII characters, shown by bpftool.</param>
    /// <param name="growing">Takes memory for an entry when there is one, and not for all of them now.</param>
    public BpfMap(BpfMapType type, int keySize, int valueSize, int entries, string name, bool growing = false)
        : this(type, keySize, valueSize, entries, name, growing ? FlagNoPreallocation : 0)
    {
    }

    private BpfMap(BpfMapType type, int keySize, int valueSize, int entries, string name, uint flags)
    {
        Name = name;
        ValueSize = valueSize;
        var attributes = new MapCreateAttributes
        {
            map_type = (uint)type,
            key_size = (uint)keySize,
            value_size = (uint)valueSize,
            max_entries = (uint)entries,
            map_flags = flags,
        };
        Encoding.ASCII.GetBytes(name, new Span<byte>(attributes.map_name, 15));
        Descriptor = new FileDescriptor(BpfCall.Require(BpfAbi.MapCreate, ref attributes, $"map {name}"));
    }

    /// <summary>
    /// Memory that a program and this process share: an array of one value, which a program finds without a lookup.
    /// </summary>
    /// <param name="octets">Its size; the kernel takes all of it now, zeroed.</param>
    /// <param name="name">At most 15 ASCII characters.</param>
    public static BpfMap Shared(int octets, string name) =>
        new(BpfMapType.Array, sizeof(int), octets, entries: 1, name, FlagMappable);

    /// <summary>A <see cref="Shared"/> map that has a name on a BPF file system; null where there is none of that size.
    /// </summary>
    public static BpfMap? TryOpenShared(string path, int octets, string name)
    {
        FileDescriptor? descriptor = BpfPins.TryOpen(path);
        if (descriptor is null)
        {
            return null;
        }

        MapInfo info = default;
        var attributes = new InfoAttributes
        {
            bpf_fd = (uint)descriptor.Number,
            info = (ulong)&info,
            info_len = (uint)sizeof(MapInfo),
        };
        bool fits = BpfCall.Try(BpfAbi.ObjectInfo, ref attributes) >= 0
            && info is { type: (uint)BpfMapType.Array, max_entries: 1 }
            && info.value_size == octets
            && (info.map_flags & FlagMappable) != 0;
        if (fits)
        {
            return new BpfMap(descriptor, octets, name);
        }

        descriptor.Dispose();
        return null;
    }

    /// <summary>The map's descriptor, owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>As bpftool shows it.</summary>
    public string Name { get; }

    /// <summary>Octets of one value.</summary>
    public int ValueSize { get; }

    /// <summary>The memory of a <see cref="Shared"/> map, for as long as the result lives.</summary>
    public NativeWords<T> View<T>()
        where T : unmanaged =>
        new(Mapping.Shared(Descriptor, 0, (ulong)ValueSize, $"map {Name}"), ValueSize / sizeof(T));

    /// <summary>Inserts or replaces. Key and value have the sizes the map was made with.</summary>
    public void Set<TKey, TValue>(TKey key, TValue value)
        where TKey : unmanaged
        where TValue : unmanaged => _ = Element(BpfAbi.MapUpdate, &key, &value, expected: 0);

    /// <summary>Inserts or replaces. False: the kernel does not take that value.</summary>
    public bool TrySet<TKey, TValue>(TKey key, TValue value)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        var attributes = new MapElementAttributes
        {
            map_fd = (uint)Descriptor.Number,
            key = (ulong)&key,
            value = (ulong)&value,
        };
        return BpfCall.Try(BpfAbi.MapUpdate, ref attributes) >= 0;
    }

    /// <summary>Deletes a key. False when it was not there.</summary>
    public bool Remove<TKey>(TKey key)
        where TKey : unmanaged => Element(BpfAbi.MapDelete, &key, null, expected: Errno.ENOENT);

    /// <summary>The sum over all processors of a 64-bit counter in a per-processor array.</summary>
    public long SumPerCpu(int index)
    {
        Span<long> values = stackalloc long[BpfProcessors.Possible];
        fixed (long* pointer = values)
        {
            _ = Element(BpfAbi.MapLookup, &index, pointer, expected: 0);
        }

        long sum = 0;
        foreach (long value in values)
        {
            sum += value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private bool Element(int command, void* key, void* value, int expected)
    {
        var attributes = new MapElementAttributes
        {
            map_fd = (uint)Descriptor.Number,
            key = (ulong)key,
            value = (ulong)value,
        };
        long result = BpfCall.Try(command, ref attributes);
        return result >= 0
            || (result == -expected ? false : throw new LinuxException("bpf", $"map {Name}", (int)-result));
    }
}

/// <summary>bpf(2) itself.</summary>
internal static unsafe class BpfCall
{
    internal static long Try<TAttributes>(int command, ref TAttributes attributes)
        where TAttributes : unmanaged
    {
        fixed (TAttributes* pointer = &attributes)
        {
            return Syscalls.Raw(BpfAbi.CallNumber, pointer, command, Unsafe.SizeOf<TAttributes>());
        }
    }

    internal static int Require<TAttributes>(int command, ref TAttributes attributes, string subject)
        where TAttributes : unmanaged
    {
        long result = Try(command, ref attributes);
        return result >= 0 ? (int)result : throw new LinuxException("bpf", subject, (int)-result);
    }
}
