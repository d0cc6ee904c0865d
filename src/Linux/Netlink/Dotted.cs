using System;

namespace XdpLvs.Linux.Netlink;

/// <summary>IPv4 addresses as people write them, for messages.</summary>
internal static class Dotted
{
    /// <param name="address">Host order.</param>
    public static string Text(uint address) => FormattableString.Invariant(
        $"{address >> 24}.{(address >> 16) & 0xFF}.{(address >> 8) & 0xFF}.{address & 0xFF}");
}
