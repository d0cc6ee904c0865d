using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux;

/// <summary>Owns a range of mapped memory and unmaps it exactly once.</summary>
public sealed unsafe class Mapping : SafeHandle
{
    private Mapping(void* address, ulong length)
        : base(-1, ownsHandle: true)
    {
        SetHandle((nint)address);
        Length = length;
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle is -1 or 0;

    /// <summary>Octets mapped.</summary>
    public ulong Length { get; }

    /// <summary>First octet. Valid until this object is disposed; the caller keeps the object alive.</summary>
    public byte* Pointer => (byte*)handle;

    /// <summary>
    /// Fresh zeroed memory. Pages are committed when first touched, unless <paramref name="populate"/>.
    /// </summary>
    /// <param name="length">Octets.</param>
    /// <param name="subject">What it is for, named in the error.</param>
    /// <param name="populate">Commit every page now, so that the data path never faults.</param>
    public static Mapping Anonymous(ulong length, string subject, bool populate = false) =>
        Map(length, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | (populate ? LibC.MAP_POPULATE : 0), -1, 0, subject);

    /// <summary>Memory shared with the kernel through a descriptor: a ring or a map.</summary>
    /// <param name="descriptor">Socket or BPF map.</param>
    /// <param name="offset">The ABI's page offset, such as XDP_PGOFF_RX_RING.</param>
    /// <param name="length">Octets.</param>
    /// <param name="subject">What it is, named in the error.</param>
    public static Mapping Shared(FileDescriptor descriptor, long offset, ulong length, string subject) =>
        Map(length, LibC.MAP_SHARED | LibC.MAP_POPULATE, descriptor.Number, offset, subject);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.munmap((void*)handle, (size_t)Length) == 0;

    private static Mapping Map(ulong length, int flags, int descriptor, long offset, string subject)
    {
        void* address = LibC.mmap(
            null, (size_t)length, LibC.PROT_READ | LibC.PROT_WRITE, flags, descriptor, (off_t)offset);
        return address != LibC.MAP_FAILED
            ? new Mapping(address, length)
            : throw new LinuxException("mmap", subject, LibC.errno);
    }
}
