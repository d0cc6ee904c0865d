namespace XdpLvs.Linux;

/// <summary>Error numbers of the Linux ABI that this code tells apart. Source: errno(3), asm-generic/errno.h.</summary>
public static class Errno
{
    /// <summary>Operation not permitted.</summary>
    public const int EPERM = 1;

    /// <summary>No such file, address or object.</summary>
    public const int ENOENT = 2;

    /// <summary>No such process; for netlink, no such route or neighbour.</summary>
    public const int ESRCH = 3;

    /// <summary>A signal came first; ask again.</summary>
    public const int EINTR = 4;

    /// <summary>No such device or address.</summary>
    public const int ENXIO = 6;

    /// <summary>More than there is room for.</summary>
    public const int E2BIG = 7;

    /// <summary>Nothing to read, or no room to write, just now.</summary>
    public const int EAGAIN = 11;

    /// <summary>Out of memory.</summary>
    public const int ENOMEM = 12;

    /// <summary>Permission denied.</summary>
    public const int EACCES = 13;

    /// <summary>Somebody else holds it.</summary>
    public const int EBUSY = 16;

    /// <summary>It is there already.</summary>
    public const int EEXIST = 17;

    /// <summary>No such device.</summary>
    public const int ENODEV = 19;

    /// <summary>The kernel does not understand the request.</summary>
    public const int EINVAL = 22;

    /// <summary>No space; for a BPF verifier log, the log was cut.</summary>
    public const int ENOSPC = 28;

    /// <summary>A number is outside its range; for XDP, more queues than the driver can serve.</summary>
    public const int ERANGE = 34;

    /// <summary>The kernel was built without it.</summary>
    public const int ENOSYS = 38;

    /// <summary>Longer than what can carry it.</summary>
    public const int EMSGSIZE = 90;

    /// <summary>The object cannot do that.</summary>
    public const int EOPNOTSUPP = 95;

    /// <summary>The address is in use.</summary>
    public const int EADDRINUSE = 98;

    /// <summary>The address is not on this machine.</summary>
    public const int EADDRNOTAVAIL = 99;

    /// <summary>The link is down.</summary>
    public const int ENETDOWN = 100;

    /// <summary>No route to that network.</summary>
    public const int ENETUNREACH = 101;

    /// <summary>No buffer space; for AF_XDP, the locked-memory limit.</summary>
    public const int ENOBUFS = 105;

    /// <summary>No route to that host.</summary>
    public const int EHOSTUNREACH = 113;

    /// <summary>The symbolic name where this table has one, otherwise the number.</summary>
    public static string Name(int errno) => errno switch
    {
        EPERM => "EPERM",
        ENOENT => "ENOENT",
        ESRCH => "ESRCH",
        EINTR => "EINTR",
        ENXIO => "ENXIO",
        E2BIG => "E2BIG",
        EAGAIN => "EAGAIN",
        ENOMEM => "ENOMEM",
        EACCES => "EACCES",
        EBUSY => "EBUSY",
        EEXIST => "EEXIST",
        ENODEV => "ENODEV",
        EINVAL => "EINVAL",
        ENOSPC => "ENOSPC",
        ERANGE => "ERANGE",
        ENOSYS => "ENOSYS",
        EMSGSIZE => "EMSGSIZE",
        EOPNOTSUPP => "EOPNOTSUPP",
        EADDRINUSE => "EADDRINUSE",
        EADDRNOTAVAIL => "EADDRNOTAVAIL",
        ENETDOWN => "ENETDOWN",
        ENETUNREACH => "ENETUNREACH",
        ENOBUFS => "ENOBUFS",
        EHOSTUNREACH => "EHOSTUNREACH",
        _ => System.FormattableString.Invariant($"errno {errno}"),
    };
}
