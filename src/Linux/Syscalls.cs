using System;
using Tmds.Linux;

namespace XdpLvs.Linux;

/// <summary>One descriptor in a <see cref="Syscalls.Poll"/> set; struct pollfd of poll(2).</summary>
public struct PollSlot
{
    /// <summary>Readable, or a connection to accept.</summary>
    public const short In = 1;

    /// <summary>Open descriptor; negative is skipped.</summary>
    public int Descriptor;

    /// <summary>What to wait for.</summary>
    public short Wanted;

    /// <summary>What the kernel found.</summary>
    public short Found;
}

/// <summary>
/// System calls with the errno turned into <see cref="LinuxException"/>, or returned where it is expected.
/// </summary>
public static unsafe class Syscalls
{
    /// <summary>socket(2), close-on-exec.</summary>
    public static FileDescriptor Socket(int family, int type, int protocol, string subject)
    {
        int number = LibC.socket(family, type | LibC.SOCK_CLOEXEC, protocol);
        return number >= 0
            ? new FileDescriptor(number)
            : throw new LinuxException("socket", subject, LibC.errno);
    }

    /// <summary>bind(2) to a sockaddr given as its octets or struct.</summary>
    public static void Bind<TAddress>(FileDescriptor socket, in TAddress address, string subject)
        where TAddress : unmanaged
    {
        int errno = TryBind(socket, address);
        if (errno != 0)
        {
            throw new LinuxException("bind", subject, errno);
        }
    }

    /// <summary>bind(2) whose refusal is expected. Returns 0 or a positive errno.</summary>
    public static int TryBind<TAddress>(FileDescriptor socket, in TAddress address)
        where TAddress : unmanaged
    {
        fixed (TAddress* pointer = &address)
        {
            int result = LibC.bind(socket.Number, (sockaddr*)pointer, (socklen_t)(uint)sizeof(TAddress));
            return result == 0 ? 0 : LibC.errno;
        }
    }

    /// <summary>setsockopt(2).</summary>
    public static void SetOption<TValue>(FileDescriptor socket, int level, int option, in TValue value, string subject)
        where TValue : unmanaged
    {
        int errno = TrySetOption(socket, level, option, value);
        if (errno != 0)
        {
            throw new LinuxException("setsockopt", subject, errno);
        }
    }

    /// <summary>setsockopt(2) whose refusal is expected. Returns 0 or a positive errno.</summary>
    public static int TrySetOption<TValue>(FileDescriptor socket, int level, int option, in TValue value)
        where TValue : unmanaged
    {
        fixed (TValue* pointer = &value)
        {
            int result = LibC.setsockopt(
                socket.Number, level, option, pointer, (socklen_t)(uint)sizeof(TValue));
            return result == 0 ? 0 : LibC.errno;
        }
    }

    /// <summary>getsockopt(2). Octets the kernel did not fill stay zero.</summary>
    public static TValue GetOption<TValue>(FileDescriptor socket, int level, int option, string subject)
        where TValue : unmanaged
    {
        TValue value = default;
        socklen_t length = (socklen_t)(uint)sizeof(TValue);
        return LibC.getsockopt(socket.Number, level, option, &value, &length) == 0
            ? value
            : throw new LinuxException("getsockopt", subject, LibC.errno);
    }

    /// <summary>send(2). Returns octets sent, or a negative errno.</summary>
    public static int Send(FileDescriptor socket, ReadOnlySpan<byte> octets, int flags = 0)
    {
        fixed (byte* pointer = octets)
        {
            int sent = (int)LibC.send(socket.Number, pointer, (size_t)(uint)octets.Length, flags);
            return sent >= 0 ? sent : -LibC.errno;
        }
    }

    /// <summary>sendto(2) with a sockaddr struct. Returns octets sent, or a negative errno.</summary>
    public static int SendTo<TAddress>(
        FileDescriptor socket, ReadOnlySpan<byte> octets, in TAddress target, int flags = 0)
        where TAddress : unmanaged
    {
        fixed (byte* pointer = octets)
        fixed (TAddress* address = &target)
        {
            int sent = (int)LibC.sendto(
                socket.Number,
                pointer,
                (size_t)(uint)octets.Length,
                flags,
                (sockaddr*)address,
                (socklen_t)(uint)sizeof(TAddress));
            return sent >= 0 ? sent : -LibC.errno;
        }
    }

    /// <summary>recv(2). Returns octets received, or a negative errno.</summary>
    public static int Receive(FileDescriptor socket, Span<byte> target, int flags = 0)
    {
        fixed (byte* pointer = target)
        {
            int received = (int)LibC.recv(socket.Number, pointer, (size_t)(uint)target.Length, flags);
            return received >= 0 ? received : -LibC.errno;
        }
    }

    /// <summary>eventfd(2): a counter that one thread writes and another can poll.</summary>
    public static FileDescriptor EventCounter(string subject)
    {
        int number = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        return number >= 0 ? new FileDescriptor(number) : throw new LinuxException("eventfd", subject, LibC.errno);
    }

    /// <summary>Adds one to an event counter and so wakes its poller.</summary>
    public static void Wake(FileDescriptor counter)
    {
        ulong one = 1;
        _ = LibC.write(counter.Number, &one, (size_t)8u);
    }

    /// <summary>Sets an event counter back to zero.</summary>
    public static void ClearWake(FileDescriptor counter)
    {
        ulong value;
        _ = LibC.read(counter.Number, &value, (size_t)8u);
    }

    /// <summary>ppoll(2). Returns how many slots were found ready; 0 on time-out and on a signal.</summary>
    /// <param name="slots">Filled in place.</param>
    /// <param name="timeoutMicroseconds">Negative waits for ever.</param>
    public static int Poll(Span<PollSlot> slots, long timeoutMicroseconds)
    {
        var timeout = new timespec
        {
            tv_sec = (time_t)(timeoutMicroseconds / 1_000_000),
            tv_nsec = (long_t)(timeoutMicroseconds % 1_000_000 * 1_000),
        };
        fixed (PollSlot* pointer = slots)
        {
            int ready = LibC.ppoll(
                (pollfd*)pointer, (ulong_t)(ulong)slots.Length, timeoutMicroseconds < 0 ? null : &timeout, null);
            return ready >= 0 || LibC.errno == Errno.EINTR
                ? Math.Max(ready, 0)
                : throw new LinuxException("ppoll", "descriptors", LibC.errno);
        }
    }

    /// <summary>
    /// syscall(2) by number, for calls that libc has no name for. Returns a value, or a negative errno.
    /// </summary>
    public static long Raw(int number, void* first, int second, int third)
    {
        long result = (ssize_t)LibC.syscall(number, second, first, third);
        return result >= 0 ? result : -LibC.errno;
    }

    /// <summary>ioctl(2) on a struct in memory. Returns 0 or a positive errno.</summary>
    public static int Control<TRequest>(FileDescriptor target, uint request, ref TRequest argument)
        where TRequest : unmanaged
    {
        fixed (TRequest* pointer = &argument)
        {
            int result = LibC.ioctl(target.Number, (int)request, pointer);
            return result >= 0 ? 0 : LibC.errno;
        }
    }
}
