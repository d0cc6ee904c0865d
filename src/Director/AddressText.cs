using System.Globalization;

namespace XdpLvs.Director;

/// <summary>How addresses look in listings and logs.</summary>
internal static class AddressText
{
    /// <summary>"192.168.5.100" from host order.</summary>
    internal static string Text(uint address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{address >> 24}.{(address >> 16) & 0xFF}.{(address >> 8) & 0xFF}.{address & 0xFF}");

    /// <summary>keepalived's form: "[192.168.5.100]:tcp:80".</summary>
    internal static string Service(uint address, byte protocol, ushort port) => string.Create(
        CultureInfo.InvariantCulture, $"[{Text(address)}]:{(protocol == 17 ? "udp" : "tcp")}:{port}");
}
