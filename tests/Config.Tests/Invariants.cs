using System;
using System.Linq;
using System.Net.Sockets;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>What the documentation of the model promises, whatever the text was.</summary>
internal static class Invariants
{
    public static void AssertHold(DirectorConfig config)
    {
        AssertHold(config.Globals.Forwarder);
        var keys = config.Services.Select(service => (service.Address, service.Port, service.Protocol)).ToList();
        Assert.Equal(keys.Count, keys.Distinct().Count());
        Assert.All(config.Services, AssertHold);
    }

    private static void AssertHold(ForwarderSettings all)
    {
        Assert.InRange(all.FlowTableSize, 64, 1 << 27);
        Assert.InRange(all.FlowTableSizeIpv6, 64, 1 << 25);
        Assert.InRange(all.FragmentTableSize, 64, 1 << 24);
        Assert.InRange(all.NewFlowsPerSecond, 0, int.MaxValue);
        Assert.InRange(all.ResetRate, 0, int.MaxValue);
        Assert.InRange(all.ConnReuseMode, 0, 2);
    }

    private static void AssertHold(VirtualServer service)
    {
        AddressFamily family = service.Address.AddressFamily;
        bool isUdp = service.Protocol == TransportProtocol.Udp;
        bool hasSwitches = service.Scheduler is SchedulerKind.SourceHashing or SchedulerKind.Maglev;
        bool isIpv6 = family == AddressFamily.InterNetworkV6;

        Assert.True(service.Port != 0 || service.PersistenceTimeout is not null);
        Assert.True(isUdp || !service.OnePacket);
        Assert.True(hasSwitches || service.SchedulerSwitches == SchedulerSwitches.None);
        Assert.Equal(family, service.PersistenceMask.AddressFamily);
        Assert.InRange(service.PersistencePrefixLength, isIpv6 ? 1 : 0, isIpv6 ? 128 : 32);
        Assert.InRange(service.Quorum, 1, int.MaxValue);
        Assert.InRange(service.Hysteresis, 0, service.Quorum - 1);
        Assert.Equal(family, service.SorryServer?.Address.AddressFamily ?? family);
        Assert.Equal(service.Port, service.SorryServer?.Port ?? service.Port);
        Assert.Equal(
            service.RealServers.Length, service.RealServers.Select(server => server.Address).Distinct().Count());
        Assert.All(service.RealServers, server => AssertHold(server, service));
    }

    private static void AssertHold(RealServer server, VirtualServer service)
    {
        Assert.Equal(service.Address.AddressFamily, server.Address.AddressFamily);
        Assert.Equal(service.Port, server.Port);
        Assert.InRange(server.Weight, 0, ushort.MaxValue);
        Assert.InRange(server.LowerThreshold, 0, server.UpperThreshold);
        Assert.True(server.SlowStart >= TimeSpan.Zero);
        Assert.All(server.Checks.OfType<TcpCheck>(), check =>
        {
            Assert.NotEqual(0, check.Port);
            Assert.Equal(check.Ip.AddressFamily, check.BindTo?.AddressFamily ?? check.Ip.AddressFamily);
        });
    }
}
