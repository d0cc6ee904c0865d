using System.Runtime.InteropServices;
using System.Text;

namespace XdpLvs.Linux.Process;

/// <summary>A user of this machine, as the name service knows it.</summary>
/// <param name="Name">Login name.</param>
/// <param name="UserId">Number of the user.</param>
/// <param name="GroupId">Number of the primary group.</param>
/// <param name="Home">Home directory.</param>
/// <remarks>getpwnam_r(3), getgrnam_r(3). A lookup may ask a directory server: never on the VRRP thread.</remarks>
public sealed unsafe partial record Account(string Name, uint UserId, uint GroupId, string Home)
{
    private const int BufferOctets = 16 << 10;

    /// <summary>The user that this process runs as.</summary>
    public static uint OwnUserId => Geteuid();

    /// <summary>The group that this process runs as.</summary>
    public static uint OwnGroupId => Getegid();

    /// <summary>The user of that name; null if there is none.</summary>
    public static Account? Find(string name)
    {
        Passwd found;
        Passwd* result = null;
        byte* buffer = stackalloc byte[BufferOctets];
        int errno = Getpwnam(name, &found, buffer, BufferOctets, &result);
        return errno == 0 && result != null ? Read(found) : null;
    }

    /// <summary>The user of that number; null if there is none.</summary>
    public static Account? Find(uint userId)
    {
        Passwd found;
        Passwd* result = null;
        byte* buffer = stackalloc byte[BufferOctets];
        int errno = Getpwuid(userId, &found, buffer, BufferOctets, &result);
        return errno == 0 && result != null ? Read(found) : null;
    }

    /// <summary>The number of the group of that name; null if there is none.</summary>
    public static uint? FindGroup(string name)
    {
        Group found;
        Group* result = null;
        byte* buffer = stackalloc byte[BufferOctets];
        int errno = Getgrnam(name, &found, buffer, BufferOctets, &result);
        return errno == 0 && result != null ? found.gr_gid : null;
    }

    private static Account Read(in Passwd found) =>
        new(Text(found.pw_name), found.pw_uid, found.pw_gid, Text(found.pw_dir));

    private static string Text(byte* octets) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(octets));

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Getpwnam(string name, Passwd* found, byte* buffer, nint octets, Passwd** result);

    [LibraryImport("libc", EntryPoint = "getpwuid_r")]
    private static partial int Getpwuid(uint user, Passwd* found, byte* buffer, nint octets, Passwd** result);

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Getgrnam(string name, Group* found, byte* buffer, nint octets, Group** result);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint Geteuid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint Getegid();

    /// <summary>struct passwd of pwd.h.</summary>
    private struct Passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }

    /// <summary>struct group of grp.h.</summary>
    private struct Group
    {
        public byte* gr_name;
        public byte* gr_passwd;
        public uint gr_gid;
        public byte** gr_mem;
    }
}
