using System;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux.Process;

/// <summary>Wakes whoever polls it when something that is watched was written, moved or removed.</summary>
/// <remarks>
/// inotify(7). It says that something happened, not what: whoever hears it looks at the files themselves, so that
/// nothing depends on the order of events or on a queue that ran over. Used by one thread.
/// </remarks>
public sealed unsafe partial class FileEvents : IDisposable
{
    private const int IN_NONBLOCK = 0x800, IN_CLOEXEC = 0x80000, BufferOctets = 4096;
    private const uint IN_CLOSE_WRITE = 0x8, IN_MOVE = 0xC0, IN_CREATE = 0x100, IN_DELETE = 0x200;
    private const uint IN_DELETE_SELF = 0x400, IN_MOVE_SELF = 0x800;

    private readonly byte[] _buffer = new byte[BufferOctets];

    /// <summary>Watches nothing yet.</summary>
    /// <exception cref="LinuxException">Too many of them on this machine.</exception>
    public FileEvents()
    {
        int number = InotifyInit(IN_NONBLOCK | IN_CLOEXEC);
        Descriptor = number >= 0
            ? new FileDescriptor(number)
            : throw new LinuxException("inotify_init1", "tracked files", Marshal.GetLastPInvokeError());
    }

    /// <summary>Readable when something happened. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Watches a file or what is in a folder. Watching it again is nothing new.</summary>
    /// <returns>0, or a positive errno: ENOENT, EACCES, ENOSPC (too many watches).</returns>
    public int TryWatch(string path)
    {
        const uint mask = IN_CLOSE_WRITE | IN_MOVE | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;
        return AddWatch(Descriptor.Number, path, mask) >= 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Throws away what is known to have happened.</summary>
    /// <returns>Whether anything had.</returns>
    public bool Drain()
    {
        bool happened = false;
        fixed (byte* pointer = _buffer)
        {
            while ((long)(ssize_t)LibC.read(Descriptor.Number, pointer, (size_t)(uint)BufferOctets) > 0)
            {
                happened = true;
            }
        }

        return happened;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport(
        "libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int AddWatch(int descriptor, string path, uint mask);
}
