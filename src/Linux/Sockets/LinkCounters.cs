using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace XdpLvs.Linux.Sockets;

/// <summary>What a driver counts, by the names that it gives: what ethtool -S prints.</summary>
/// <remarks>SIOCETHTOOL of netdevice(7); ETHTOOL_GDRVINFO, ETHTOOL_GSTRINGS, ETHTOOL_GSTATS of linux/ethtool.h.
/// </remarks>
public static class LinkCounters
{
    private const uint GetDriver = 0x03, GetStrings = 0x1b, GetStatistics = 0x1d, StringsOfStatistics = 1;
    private const int HeaderSize = 8, StringsHeaderSize = 12, NameSize = 32, StatisticsMax = 65_536;

    /// <summary>All counters; none where the driver has none or does not say.</summary>
    /// <param name="linkName">In this thread's network namespace.</param>
    public static unsafe IReadOnlyList<(string Name, long Value)> Read(string linkName)
    {
        using FileDescriptor socket = Syscalls.Socket(SocketsAbi.AF_INET, Tmds.Linux.LibC.SOCK_DGRAM, 0, "ethtool");
        var driver = new EthtoolDrvinfo { cmd = GetDriver };
        if (!TryAsk(socket, linkName, &driver) || driver.n_stats is 0 or > StatisticsMax)
        {
            return [];
        }

        int count = (int)driver.n_stats;
        byte[] names = new byte[StringsHeaderSize + (count * NameSize)];
        byte[] values = new byte[HeaderSize + (count * sizeof(ulong))];
        MemoryMarshal.Cast<byte, uint>(names.AsSpan(0, StringsHeaderSize))[0] = GetStrings;
        MemoryMarshal.Cast<byte, uint>(names.AsSpan(0, StringsHeaderSize))[1] = StringsOfStatistics;
        MemoryMarshal.Cast<byte, uint>(names.AsSpan(0, StringsHeaderSize))[2] = (uint)count;
        MemoryMarshal.Cast<byte, uint>(values.AsSpan(0, HeaderSize))[0] = GetStatistics;
        MemoryMarshal.Cast<byte, uint>(values.AsSpan(0, HeaderSize))[1] = (uint)count;
        fixed (byte* namesPointer = names, valuesPointer = values)
        {
            if (!TryAsk(socket, linkName, namesPointer) || !TryAsk(socket, linkName, valuesPointer))
            {
                return [];
            }
        }

        var counters = new List<(string, long)>(count);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> name = names.AsSpan(StringsHeaderSize + (i * NameSize), NameSize);
            int end = name.IndexOf((byte)0);
            counters.Add((
                Encoding.ASCII.GetString(end < 0 ? name : name[..end]),
                MemoryMarshal.Read<long>(values.AsSpan(HeaderSize + (i * sizeof(ulong))))));
        }

        return counters;
    }

    private static unsafe bool TryAsk(FileDescriptor socket, string linkName, void* command)
    {
        var request = new IfReq { ifr_name = LinkName.From(linkName), ifr_data = command };
        return Syscalls.Control(socket, SocketsAbi.SIOCETHTOOL, ref request) == 0;
    }
}
