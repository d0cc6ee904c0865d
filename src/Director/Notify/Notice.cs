using System;
using System.Text;

namespace XdpLvs.Director.Notify;

/// <summary>What a VRRP instance or group has become, or what happened to it.</summary>
internal enum NoticeKind
{
    /// <summary>Holds the addresses.</summary>
    Master,

    /// <summary>Ready to take over.</summary>
    Backup,

    /// <summary>Unable to serve.</summary>
    Fault,

    /// <summary>The daemon ends.</summary>
    Stop,

    /// <summary>It is not in the configuration any more.</summary>
    Deleted,

    /// <summary>A master heard a weaker one. Scripts of its own, and FIFOs.</summary>
    MasterHeardLower,

    /// <summary>A master's effective priority changed. FIFOs only, and only where that is asked for.</summary>
    MasterPriority,

    /// <summary>A backup's effective priority changed. FIFOs only, and only where that is asked for.</summary>
    BackupPriority,
}

/// <summary>One thing to tell scripts and FIFOs.</summary>
/// <param name="IsGroup">A sync group, else an instance.</param>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Kind">What it has become.</param>
/// <param name="Priority">Effective priority; told as 0 for a group.</param>
internal readonly record struct Notice(bool IsGroup, string Name, NoticeKind Kind, byte Priority)
{
    /// <summary>"INSTANCE" or "GROUP".</summary>
    internal string Type => IsGroup ? "GROUP" : "INSTANCE";

    /// <summary>keepalived's word for the kind.</summary>
    internal string State => Kind switch
    {
        NoticeKind.Master => "MASTER",
        NoticeKind.Backup => "BACKUP",
        NoticeKind.Fault => "FAULT",
        NoticeKind.Stop => "STOP",
        NoticeKind.Deleted => "DELETED",
        NoticeKind.MasterHeardLower => "MASTER_RX_LOWER_PRI",
        NoticeKind.MasterPriority => "MASTER_PRIORITY",
        _ => "BACKUP_PRIORITY",
    };

    /// <summary>The priority as scripts and FIFOs are told it.</summary>
    internal int ToldPriority => IsGroup ? 0 : Priority;
}

/// <summary>keepalived's lines for readers of FIFOs, each with its line feed.</summary>
internal static class FifoLines
{
    /// <summary><c>INSTANCE "VI_1" MASTER 105</c>, <c>GROUP "VG" BACKUP 0</c>.</summary>
    internal static byte[] Of(in Notice notice) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"{notice.Type} \"{notice.Name}\" {notice.State} {notice.ToldPriority}\n"));

    /// <summary><c>VS [10.9.0.100]:tcp:80 UP</c>.</summary>
    /// <param name="service">As logs name it.</param>
    /// <param name="isUp">It has its quorum.</param>
    internal static byte[] VirtualServer(string service, bool isUp) =>
        Encoding.UTF8.GetBytes($"VS {service} {(isUp ? "UP" : "DOWN")}\n");

    /// <summary><c>RS [10.9.0.11]:tcp:80 [10.9.0.100]:tcp:80 DOWN</c>.</summary>
    /// <param name="real">As logs name it.</param>
    /// <param name="service">The virtual server that it belongs to.</param>
    /// <param name="isUp">Its checks pass.</param>
    internal static byte[] RealServer(string real, string service, bool isUp) =>
        Encoding.UTF8.GetBytes($"RS {real} {service} {(isUp ? "UP" : "DOWN")}\n");
}
