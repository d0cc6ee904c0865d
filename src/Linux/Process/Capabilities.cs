using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace XdpLvs.Linux.Process;

/// <summary>Privileges the director needs.</summary>
/// <remarks>capabilities(7).</remarks>
[Flags]
public enum CapabilitySet
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>CAP_NET_ADMIN: addresses, XDP, nf_tables.</summary>
    NetAdmin = 1,

    /// <summary>CAP_NET_RAW: VRRP and AF_PACKET sockets.</summary>
    NetRaw = 2,

    /// <summary>CAP_BPF: programs and maps.</summary>
    Bpf = 4,

    /// <summary>CAP_IPC_LOCK: AF_XDP memory beyond RLIMIT_MEMLOCK.</summary>
    IpcLock = 8,
}

/// <summary>What this process may do.</summary>
public static class Capabilities
{
    private const string Field = "CapEff:";

    private static readonly (CapabilitySet Capability, int Bit, string Name)[] Bits =
    [
        (CapabilitySet.NetAdmin, 12, "CAP_NET_ADMIN"),
        (CapabilitySet.NetRaw, 13, "CAP_NET_RAW"),
        (CapabilitySet.IpcLock, 14, "CAP_IPC_LOCK"),
        (CapabilitySet.Bpf, 39, "CAP_BPF"),
    ];

    /// <summary>The kernel's names, which setcap(8) and service managers take.</summary>
    public static IEnumerable<string> Names(CapabilitySet capabilities)
    {
        foreach ((CapabilitySet capability, _, string name) in Bits)
        {
            if ((capabilities & capability) != 0)
            {
                yield return name;
            }
        }
    }

    /// <summary>Those of the four that are not effective now.</summary>
    public static CapabilitySet Missing() => Missing(File.ReadLines("/proc/self/status"));

    /// <summary>The same, from the lines of a proc(5) status file. Without a CapEff line all are missing.</summary>
    internal static CapabilitySet Missing(IEnumerable<string> status)
    {
        ulong effective = 0;
        foreach (string line in status)
        {
            if (line.StartsWith(Field, StringComparison.Ordinal))
            {
                ReadOnlySpan<char> digits = line.AsSpan(Field.Length).Trim();
                _ = ulong.TryParse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out effective);
            }
        }

        CapabilitySet missing = CapabilitySet.None;
        foreach ((CapabilitySet capability, int bit, _) in Bits)
        {
            missing |= ((effective >> bit) & 1) == 0 ? capability : CapabilitySet.None;
        }

        return missing;
    }
}
