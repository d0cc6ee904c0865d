using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using XdpLvs.Director.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>
/// The names that this system knows: /etc/hosts and DNS for addresses, /etc/services for ports. Asks each once, in the
/// command's own process, so that a name server which does not answer delays nobody but the one who asked.
/// </summary>
internal sealed class SystemNames : IpvsNames
{
    private readonly Dictionary<IpAddress, string?> _hosts = [];
    private readonly ServicesFile _services = new(
        File.Exists(ServicesFile.DefaultPath) ? File.ReadAllText(ServicesFile.DefaultPath) : "");

    internal override string? Host(IpAddress address)
    {
        if (!_hosts.TryGetValue(address, out string? name))
        {
            name = Ask(address);
            _hosts.Add(address, name);
        }

        return name;
    }

    internal override string? Service(ushort port, byte protocol) => _services.Name(port, protocol);

    internal override IpAddress? Address(string host)
    {
        try
        {
            IPAddress? found = Dns.GetHostAddresses(host, AddressFamily.InterNetwork).FirstOrDefault();
            return found is null ? null : IpAddress.From(found);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return null; // nobody knows it, or it can be no name: the caller says so
        }
    }

    internal override ushort? Port(string service, byte protocol) => _services.Port(service, protocol);

    private static string? Ask(IpAddress address)
    {
        try
        {
            return Dns.GetHostEntry(address.ToNet()).HostName;
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return null; // it has no name; 0.0.0.0 cannot even be asked for
        }
    }
}
