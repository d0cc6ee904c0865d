using System;
using System.Linq;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>The names of the files hosts and services in tests/Cases/ipvs, which the guest had as its own.</summary>
internal sealed class BookOfNames : IpvsNames
{
    private static readonly ServicesFile Services = new(Rules.Case("services"));
    private static readonly string[][] Hosts = [.. Rules.Case("hosts").Trim().Split('\n').Select(l => l.Split(' '))];

    internal override string? Host(IpAddress address) =>
        Hosts.FirstOrDefault(line => line[0] == address.ToString())?[1];

    internal override string? Service(ushort port, byte protocol) => Services.Name(port, protocol);

    internal override IpAddress? Address(string host) =>
        IpAddress.TryParse(Array.Find(Hosts, line => line.Skip(1).Contains(host))?[0] ?? "", out IpAddress found)
            ? found
            : null;

    internal override ushort? Port(string service, byte protocol) => Services.Port(service, protocol);
}
