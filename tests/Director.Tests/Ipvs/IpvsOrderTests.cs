using System.Collections.Immutable;
using System.Linq;
using System.Net;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Linux;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>ipvsadm 1.31, ipvs_cmp_services and ipvs_cmp_dests.</summary>
public sealed class IpvsOrderTests
{
    [Fact]
    public void Services_are_ordered_by_family_protocol_address_and_port()
    {
        IpvsService[] ordered =
        [
            Service(6, "192.168.5.100", 80), Service(6, "192.168.5.100", 443), Service(6, "192.168.5.101", 1),
            Service(17, "192.168.5.100", 53), Service(132, "192.168.5.1", 1),
            Service(6, "2001:db8::1", 80), Service(6, "2001:db8::1:0", 80), Service(17, "2001:db8::1", 53),
        ];

        Assert.Equal(ordered, IpvsOrder.Sorted([.. ordered.Reverse()]));
    }

    [Fact]
    public void An_address_more_than_half_the_space_away_comes_first() =>
        Assert.Equal(["192.168.5.1", "10.0.0.1"], Sorted("10.0.0.1", "192.168.5.1"));

    [Fact]
    public void So_does_an_ipv6_address() => Assert.Equal(["fd00::1", "2001:db8::1"], Sorted("2001:db8::1", "fd00::1"));

    /// <summary>Each comes before the next, and the last before the first: the merge decides where the ring opens.</summary>
    [Fact]
    public void Where_the_order_is_a_ring_it_opens_as_it_does_for_glibc()
    {
        Assert.Equal(["60.0.0.1", "130.0.0.1", "200.0.0.1"], Sorted("60.0.0.1", "130.0.0.1", "200.0.0.1"));
        Assert.Equal(["200.0.0.1", "60.0.0.1", "130.0.0.1"], Sorted("200.0.0.1", "60.0.0.1", "130.0.0.1"));
    }

    private static string[] Sorted(params string[] addresses)
    {
        ImmutableArray<IpvsReal> reals =
            [.. addresses.Select(text => new IpvsReal(Address(text), 80, 1, 0, 0, 0, 0, 0, default, default))];
        return [.. IpvsOrder.Sorted(reals).Select(real => real.Address.ToString())];
    }

    private static IpvsService Service(byte protocol, string address, ushort port) => new(
        protocol,
        Address(address),
        port,
        "rr",
        SchedulerSwitches.None,
        0,
        IpAddress.AllOnes,
        OnePacket: false,
        default,
        default,
        []);

    private static IpAddress Address(string text) => IpAddress.From(IPAddress.Parse(text));
}
