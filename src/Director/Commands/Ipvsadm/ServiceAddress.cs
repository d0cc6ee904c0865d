using System;
using System.Globalization;
using System.Linq;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Linux;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>Reads what follows -t, -u and --sctp-service: host[:port], [address]:port or a bare IPv6 address.</summary>
/// <remarks>ipvsadm 1.31, parse_service.</remarks>
internal static class ServiceAddress
{
    /// <summary>Reads it; without a port, the port is 0: a service of all ports.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="protocol">Of the service: it decides what a port's name means.</param>
    /// <param name="names">Knows hosts and ports by name.</param>
    /// <param name="key">The service meant.</param>
    internal static bool TryRead(string text, byte protocol, IpvsNames names, out ServiceKey key)
    {
        key = default;
        if (text.All(char.IsAsciiDigit))
        {
            return false;
        }

        string host = text;
        string? port = null;
        if (text[0] == '[')
        {
            int end = text.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            (host, port) = (text[1..end], text[(end + 2)..]);
        }
        else if (!IsV6(text) && text.LastIndexOf(':') is >= 0 and int colon)
        {
            (host, port) = (text[..colon], text[(colon + 1)..]);
        }

        bool reads = TryReadHost(host, names, out IpAddress address);
        int number = port is null ? 0 : Port(port, protocol, names);
        key = new ServiceKey(address, (ushort)Math.Max(number, 0), protocol);
        return reads && number >= 0;
    }

    private static bool IsV6(string text) => text.Contains(':', StringComparison.Ordinal)
        && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IpAddress.TryParse(text, out _);

    private static bool TryReadHost(string host, IpvsNames names, out IpAddress address)
    {
        bool isV4 = host.Length > 0 && char.IsAsciiDigit(host[0]) && !host.Contains(':', StringComparison.Ordinal);
        bool isLiteral = isV4 || IsV6(host);
        if (isLiteral && IpAddress.TryParse(host, out address))
        {
            return true;
        }

        IpAddress? found = host.Length > 0 ? names.Address(host) : null;
        address = found.GetValueOrDefault();
        return found is not null;
    }

    private static int Port(string text, byte protocol, IpvsNames names) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number is >= 0 and <= ushort.MaxValue ? number : -1
            : names.Port(text, protocol) ?? -1;
}
