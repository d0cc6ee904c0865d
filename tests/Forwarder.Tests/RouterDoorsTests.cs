using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>One test per door a frame can leave by, other than the ones that depend on flows.</summary>
public sealed class RouterDoorsTests : IDisposable
{
    private static readonly MacAddress OtherDirector = new(0x02_00_00_00_00_02);
    private const uint OtherDirectorAddress = 0xC0000202;

    private readonly World _world = new(Service(Web, A, B), Service(Dns, C));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Another_station_s_frame_is_not_ours() =>
        Assert.Equal(Outcome.NotOurs, _world.Route((ToWeb with { TargetMac = Gateway }).Tcp(TcpControl.Syn)));

    [Theory]
    [InlineData(0x0806)] // ARP
    [InlineData(0x8847)] // MPLS
    [InlineData(0x88CC)] // LLDP
    public void What_is_neither_IPv4_nor_IPv6_is_not_ours(ushort type) =>
        Assert.Equal(Outcome.NotOurs, _world.Route((ToWeb with { Type = type }).Tcp(TcpControl.Syn)));

    [Fact]
    public void Another_port_address_or_protocol_is_not_ours()
    {
        Assert.Equal(Outcome.NotOurs, _world.Route((ToWeb with { ToPort = 81 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Outcome.NotOurs, _world.Route((ToWeb with { To = Vip + 1 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Outcome.NotOurs, _world.Route(ToWeb.Udp()));
        Assert.Equal(Outcome.NotOurs, _world.Route(ToWeb.Ipv4(132, new byte[40])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(53)]
    public void A_frame_that_ends_too_early_is_malformed(int octets) =>
        Assert.Equal(Outcome.Malformed, _world.Route(ToWeb.Tcp(TcpControl.Syn)[..octets]));

    [Theory]
    [InlineData(Tcp, 19)]
    [InlineData(Udp, 7)]
    public void A_packet_too_short_for_its_transport_is_malformed(byte protocol, int octets) =>
        Assert.Equal(Outcome.Malformed, _world.Route(ToWeb.Ipv4(protocol, new byte[octets])));

    [Fact]
    public void A_wrong_header_checksum_is_malformed()
    {
        byte[] frame = ToWeb.Tcp(TcpControl.Syn);
        frame[14 + 11] ^= 1;

        Assert.Equal(Outcome.Malformed, _world.Route(frame));
    }

    [Fact]
    public void A_fragment_carries_no_port_and_follows_its_first_one()
    {
        byte[] later = (ToWeb with { FragmentBits = 0x0010 }).Tcp(TcpControl.Syn);

        Assert.Equal(Outcome.Fragment, _world.Route([.. later]));
        Assert.Equal(Outcome.Forwarded, _world.Route((ToWeb with { FragmentBits = 0x2000 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Outcome.Forwarded, _world.Route(later));
    }

    [Theory]
    [InlineData(0, Outcome.HopLimit)]
    [InlineData(1, Outcome.HopLimit)]
    [InlineData(2, Outcome.Forwarded)]
    public void The_last_hop_is_not_forwarded(byte hops, Outcome outcome) =>
        Assert.Equal(outcome, _world.Route((ToWeb with { TimeToLive = hops }).Tcp(TcpControl.Syn)));

    [Fact]
    public void A_service_without_real_servers_has_nobody_to_send_to()
    {
        _world.Publish(Service(Web));

        Assert.Equal(Outcome.NoRealServer, _world.Syn());
    }

    [Fact]
    public void A_service_whose_real_servers_all_have_weight_0_has_nobody_to_send_to()
    {
        _world.Publish(Service(Web, A with { Weight = 0 }, B with { Weight = 0 }));

        Assert.Equal(Outcome.NoRealServer, _world.Syn());
    }

    [Fact]
    public void A_real_server_whose_MAC_is_unknown_is_not_sent_to()
    {
        _world.Publish(Service(Web, A with { Mac = default }));

        Assert.Equal(Outcome.NoNeighbour, _world.Syn());
    }

    [Fact]
    public void A_frame_from_our_own_MAC_has_been_here() =>
        Assert.Equal(Outcome.Loop, _world.Route((ToWeb with { SourceMac = Director }).Tcp(TcpControl.Syn)));

    [Fact]
    public void A_client_s_frame_from_another_director_was_forwarded_already()
    {
        KnowOtherDirector();

        Assert.Equal(Outcome.Loop, _world.Route((ToWeb with { SourceMac = OtherDirector }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void Another_director_s_own_connection_is_forwarded()
    {
        KnowOtherDirector();
        byte[] frame = (ToWeb with { SourceMac = OtherDirector, From = OtherDirectorAddress }).Tcp(TcpControl.Syn);

        Assert.Equal(Outcome.Forwarded, _world.Route(frame));
    }

    [Fact]
    public void A_dropped_frame_keeps_every_octet()
    {
        byte[] frame = (ToWeb with { TimeToLive = 1 }).Tcp(TcpControl.Syn);
        byte[] before = [.. frame];

        _world.Route(frame);

        Assert.Equal(before, frame);
    }

    [Fact]
    public void An_empty_table_owns_nothing()
    {
        _world.Table = ForwardingTable.Empty;

        Assert.Equal(Outcome.NotOurs, _world.Syn());
    }

    private void KnowOtherDirector() => _world.Table = new ForwardingTable(
        Director, [Service(Web, A)], [new Neighbour(OtherDirectorAddress, OtherDirector)], FlowPolicy.Default);
}
