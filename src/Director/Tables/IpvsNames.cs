using System.Globalization;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>How addresses and ports are printed: as numbers (-n), or by name where a book of names knows one.</summary>
internal class IpvsNames
{
    private const int LengthMax = 59; // ipvsadm 1.31, addrport_to_anyname: a buffer of 60

    /// <summary>Numbers only.</summary>
    internal static IpvsNames Numeric { get; } = new();

    /// <summary>The name of a host; null when it has none.</summary>
    internal virtual string? Host(IpAddress address) => null;

    /// <summary>The name of a port; null when it has none.</summary>
    internal virtual string? Service(ushort port, byte protocol) => null;

    /// <summary>The IPv4 address of a host; null when nobody knows it.</summary>
    internal virtual IpAddress? Address(string host) => null;

    /// <summary>The port of a name; null when nobody knows it.</summary>
    internal virtual ushort? Port(string service, byte protocol) => null;

    /// <summary>"192.168.5.100:80", "[2001:db8::1]:80", "www:http".</summary>
    internal string EndPoint(IpAddress address, ushort port, byte protocol)
    {
        string host = Host(address) ?? IpvsAddress.Text(address);
        string service = Service(port, protocol) ?? port.ToString(CultureInfo.InvariantCulture);
        string text = address.IsV4 ? $"{host}:{service}" : $"[{host}]:{service}";
        return Clip(text, LengthMax);
    }

    /// <summary>At most <paramref name="length"/> characters of it.</summary>
    internal static string Clip(string text, int length) => text.Length <= length ? text : text[..length];
}
