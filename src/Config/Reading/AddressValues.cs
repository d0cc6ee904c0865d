using System;
using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>Reads addresses of either family, as services and checks have them.</summary>
internal static class AddressValues
{
    /// <summary>No zone, no brackets, no prefix length: what is left is an address and nothing else.</summary>
    private static readonly SearchValues<char> Ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>The name of an address's family.</summary>
    public static string Family(this IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    /// <summary>An address of a host behind the keyword.</summary>
    public static bool TryIpHost(this Reporter report, Statement statement, out IPAddress address)
    {
        address = IPAddress.None;
        return report.TryWord(statement, "an IPv4 or IPv6 address", out Word word)
            && report.TryIpHost(word, out address);
    }

    /// <summary>An address of a host in a word of its own.</summary>
    public static bool TryIpHost(this Reporter report, Word word, out IPAddress address)
    {
        bool isIpv6 = TryParseIpv6(word.Text, out address);
        bool isIpv4 = Ipv4Address.TryParse(word.Text, out Ipv4Address ipv4);
        address = isIpv4 ? ipv4.ToIPAddress() : address;
        string? problem = (isIpv4, isIpv6) switch
        {
            (false, false) => "is not an IPv4 or IPv6 address",
            (true, _) => ipv4.IsHost ? null : "is not an address that a host can have",
            _ when address.IsIPv6LinkLocal => "is link-local: it does not say behind which interface",
            _ => IsHost(address) ? null : "is not an address that a host can have",
        };
        if (problem is not null)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} {problem}");
        }

        return problem is null;
    }

    /// <summary>An address of a host in a word of its own; a link-local one too, where the link is known.</summary>
    public static bool TryLinkHost(this Reporter report, Word word, out IPAddress address)
    {
        bool isIpv6 = TryParseIpv6(word.Text, out address);
        if (isIpv6 && address.IsIPv6LinkLocal)
        {
            return true;
        }

        return report.TryIpHost(word, out address);
    }

    /// <summary>A multicast address in a word of its own.</summary>
    public static bool TryMulticast(this Reporter report, Word word, out IPAddress address)
    {
        bool isIpv6 = TryParseIpv6(word.Text, out address);
        bool isIpv4 = Ipv4Address.TryParse(word.Text, out Ipv4Address ipv4);
        address = isIpv4 ? ipv4.ToIPAddress() : address;
        bool isMulticast = isIpv4 ? ipv4.Value >> 28 == 0xE : isIpv6 && address.IsIPv6Multicast;
        if (!isMulticast)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a multicast address");
        }

        return isMulticast;
    }

    /// <summary>Whether a word is an address of either family, with a prefix length perhaps.</summary>
    public static bool IsAddress(string text, out bool isIpv6)
    {
        string address = text.Split('/')[0];
        isIpv6 = TryParseIpv6(address, out _);
        return isIpv6 || Ipv4Address.TryParse(address, out _);
    }

    /// <summary>
    /// Whether an address is of the virtual server's family: DR changes the MAC address only, so that the packet
    /// must be one that the server understands. Reported if not. Without a known virtual server it is not asked.
    /// </summary>
    public static bool IsOfFamily(this Reporter report, Word place, IPAddress address, IPAddress? service, string what)
    {
        bool fits = service is null || service.AddressFamily == address.AddressFamily;
        if (!fits)
        {
            report.Error(
                place,
                $"{address} is {address.Family()}, but the virtual server is {service!.Family()}: DR cannot change "
                + $"that; the {what} is left out");
        }

        return fits;
    }

    private static bool TryParseIpv6(string text, out IPAddress address)
    {
        address = IPAddress.None;
        bool isPlain = text.Contains(':', StringComparison.Ordinal)
            && text.AsSpan().IndexOfAnyExcept(Ipv6Characters) < 0;
        bool isAddress = isPlain && IPAddress.TryParse(text, out IPAddress? parsed)
            && (address = parsed).AddressFamily == AddressFamily.InterNetworkV6;
        return isAddress;
    }

    private static bool IsHost(IPAddress address) =>
        !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any);
}
