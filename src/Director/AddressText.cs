using System.Globalization;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director;

/// <summary>How addresses look in listings and logs.</summary>
internal static class AddressText
{
    /// <summary>"192.168.5.100", "2001:db8::1".</summary>
    internal static string Text(IpAddress address) => address.ToString();

    /// <summary>keepalived's form: "[192.168.5.100]:tcp:80".</summary>
    internal static string Service(IpAddress address, byte protocol, ushort port) => string.Create(
        CultureInfo.InvariantCulture, $"[{address}]:{Protocol(protocol)}:{port}");

    /// <summary>"tcp", "udp", "sctp".</summary>
    internal static string Protocol(byte protocol) => protocol switch
    {
        Ipv4View.ProtocolUdp => "udp",
        Ipv4View.ProtocolSctp => "sctp",
        _ => "tcp",
    };
}
