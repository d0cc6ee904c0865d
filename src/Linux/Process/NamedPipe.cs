using System;
using System.IO;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux.Process;

/// <summary>The writing end of a FIFO. Never blocks, also while nobody reads; what finds no room is lost.</summary>
/// <remarks>
/// fifo(7), pipe(7). It is held open for reading too, so there is always a reader and the kernel keeps what is written
/// until one comes. A write of up to PIPE_BUF octets is whole and in order, from any thread.
/// </remarks>
public sealed unsafe partial class NamedPipe : IDisposable
{
    /// <summary>The most that one write keeps together: PIPE_BUF of limits.h.</summary>
    public const int WriteOctetsMax = 4096;

    private const int CapacityOctets = 1 << 20, F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;
    private const uint OwnerReadsAndWrites = 0x180; // 0600

    private readonly FileDescriptor _descriptor;
    private readonly bool _isOurs;

    private NamedPipe(string path, FileDescriptor descriptor, bool isOurs)
    {
        Path = path;
        _descriptor = descriptor;
        _isOurs = isOurs;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Opens a FIFO, and makes it before, for that user alone, if nothing is there.</summary>
    /// <param name="path">A symbolic link is refused.</param>
    /// <param name="userId">Owner of one that is made.</param>
    /// <param name="groupId">Group of one that is made.</param>
    /// <exception cref="LinuxException">It cannot be made or opened.</exception>
    /// <exception cref="IOException">Something else than a FIFO is there.</exception>
    public static NamedPipe Open(string path, uint userId, uint groupId)
    {
        bool isOurs = Mkfifo(path, OwnerReadsAndWrites) == 0;
        int errno = Marshal.GetLastPInvokeError();
        if (!isOurs && errno != Errno.EEXIST)
        {
            throw new LinuxException("mkfifo", path, errno);
        }

        if (isOurs && Lchown(path, userId, groupId) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
            _ = Unlink(path);
            throw new LinuxException("lchown", path, errno);
        }

        int number = OpenFile(path, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC | LibC.O_NOFOLLOW);
        if (number < 0)
        {
            throw new LinuxException("open", path, Marshal.GetLastPInvokeError());
        }

        var descriptor = new FileDescriptor(number);
        if (Control(number, F_GETPIPE_SZ, 0) < 0)
        {
            descriptor.Dispose();
            throw new IOException($"{path} is no FIFO");
        }

        _ = Control(number, F_SETPIPE_SZ, CapacityOctets); // refused by a lower limit: then it keeps 64 KiB
        return new NamedPipe(path, descriptor, isOurs);
    }

    /// <summary>Writes a line, whole or not at all.</summary>
    /// <param name="octets">At most <see cref="WriteOctetsMax"/>.</param>
    /// <returns>False: no room, because nobody has read for long.</returns>
    public bool TryWrite(ReadOnlySpan<byte> octets)
    {
        fixed (byte* pointer = octets)
        {
            return octets.Length <= WriteOctetsMax
                && (long)(ssize_t)LibC.write(_descriptor.Number, pointer, (size_t)(uint)octets.Length) == octets.Length;
        }
    }

    /// <summary>Closes it, and removes it if it was made here. Readers see its end once they have read all.</summary>
    public void Dispose()
    {
        if (!_descriptor.IsClosed)
        {
            _descriptor.Dispose();
            if (_isOurs)
            {
                _ = Unlink(Path);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Mkfifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Lchown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);
}
