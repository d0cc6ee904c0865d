using System.Runtime.InteropServices;
using System.Text;

namespace XdpLvs.Linux.Process;

/// <summary>Who owns a file and who may do what with it. Symbolic links are followed.</summary>
/// <param name="UserId">Owner.</param>
/// <param name="GroupId">Group.</param>
/// <param name="Mode">st_mode of inode(7): type and permission bits.</param>
public readonly unsafe partial record struct FileOwnership(uint UserId, uint GroupId, uint Mode)
{
    private const int AtFdCwd = -100, PathOctetsMax = 4096;
    private const uint BasicStats = 0x7FF, TypeMask = 0xF000, Regular = 0x8000;
    private const uint SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200;
    private const uint GroupWrites = 0x10, OthersWrite = 0x2;

    /// <summary>An ordinary file: no directory, device or socket.</summary>
    public bool IsRegular => (Mode & TypeMask) == Regular;

    /// <summary>In such a directory only a file's owner may remove or rename it.</summary>
    public bool IsSticky => (Mode & Sticky) != 0;

    /// <summary>Members of the group may write.</summary>
    public bool IsGroupWritable => (Mode & GroupWrites) != 0;

    /// <summary>Everybody may write.</summary>
    public bool IsWorldWritable => (Mode & OthersWrite) != 0;

    /// <summary>It runs as its owner, whoever starts it.</summary>
    public bool IsSetUser => (Mode & SetUser) != 0;

    /// <summary>It runs as its group, whoever starts it.</summary>
    public bool IsSetGroup => (Mode & SetGroup) != 0;

    /// <summary>Whether that user may execute it, by owner, group and the rest, as execve(2) looks.</summary>
    public bool IsExecutableBy(uint userId, uint groupId)
    {
        const uint anybody = 0x49; // 0111
        uint bit = userId == 0 ? anybody
            : userId == UserId ? 0x40u
            : groupId == GroupId ? 0x8u
            : 0x1u;
        return (Mode & bit) != 0;
    }

    /// <summary>Asks the kernel. statx(2).</summary>
    /// <returns>0, or a positive errno.</returns>
    public static int TryRead(string path, out FileOwnership ownership)
    {
        Statx found = default;
        int errno = GetStatx(AtFdCwd, path, 0, BasicStats, &found) == 0 ? 0 : Marshal.GetLastPInvokeError();
        ownership = new FileOwnership(found.stx_uid, found.stx_gid, found.stx_mode);
        return errno;
    }

    /// <summary>The path without links and dots; null if it leads nowhere. realpath(3).</summary>
    public static string? Resolve(string path)
    {
        byte* buffer = stackalloc byte[PathOctetsMax];
        byte* resolved = Realpath(path, buffer);
        return resolved == null
            ? null
            : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(resolved));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int GetStatx(int directory, string path, int flags, uint mask, Statx* found);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Realpath(string path, byte* resolved);

    /// <summary>struct statx of linux/stat.h, as far as it is read; 256 octets.</summary>
    private struct Statx
    {
        public uint stx_mask;
        public uint stx_blksize;
        public ulong stx_attributes;
        public uint stx_nlink;
        public uint stx_uid;
        public uint stx_gid;
        public ushort stx_mode;
        public ushort __spare0;
        public fixed ulong __rest[28];
    }
}
