using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>The words that operators search for are keepalived's.</summary>
public sealed class VrrpLogTests
{
    private static readonly VrrpSettings Self = TestNode.Defaults with { Priority = 90 };

    [Fact]
    public void Starting() =>
        Expect(new TestNode(Self).Startup(), "(VI_1) Entering BACKUP STATE (init)");

    [Fact]
    public void Starting_in_fault() =>
        Expect(new TestNode(Self).Happens(VrrpEvent.Startup(FaultCauses.Link)), "(VI_1) Entering FAULT STATE (init)");

    [Fact]
    public void Starting_as_owner() => Expect(
        new TestNode(Self with { Priority = 255 }).Startup(),
        "(VI_1) Entering MASTER STATE",
        "(VI_1) setting VIPs.");

    [Fact]
    public void Taking_over() => Expect(
        new TestNode(Self).StartupActive(),
        "(VI_1) Receive advertisement timeout",
        "(VI_1) Entering MASTER STATE",
        "(VI_1) setting VIPs.");

    [Fact]
    public void Yielding_to_a_higher_priority() => Expect(
        new TestNode(Self).StartupActive().Hears(100),
        "(VI_1) Master received advert from 192.168.5.102 with higher priority 100, ours 90",
        "(VI_1) Entering BACKUP STATE",
        "(VI_1) removing VIPs.");

    [Fact]
    public void Yielding_to_a_higher_address() => Expect(
        new TestNode(Self).StartupActive().Hears(90),
        "(VI_1) Master received advert from 192.168.5.102 with same priority 90 but higher IP address than ours",
        "(VI_1) Entering BACKUP STATE",
        "(VI_1) removing VIPs.");

    [Fact]
    public void Stopping() => Expect(
        new TestNode(Self with { KeepUntilSuccessor = false }).StartupActive().Happens(VrrpEventKind.Shutdown),
        "(VI_1) sent 0 priority",
        "(VI_1) removing VIPs.");

    [Fact]
    public void Stopping_without_a_gap()
    {
        TestNode node = new TestNode(Self).StartupActive().Happens(VrrpEventKind.Shutdown);

        Expect(node, "(VI_1) sent 0 priority");
        Expect(node.Hears(80), "(VI_1) 192.168.5.102 has taken over", "(VI_1) removing VIPs.");
    }

    [Fact]
    public void Failing() => Expect(
        new TestNode(Self).StartupActive().Fails(FaultCauses.Link),
        "(VI_1) entering FAULT state (interface down)",
        "(VI_1) sent 0 priority",
        "(VI_1) Entering FAULT STATE",
        "(VI_1) removing VIPs.");

    [Fact]
    public void Answering_a_weaker_router() => Expect(
        new TestNode(Self).StartupActive().Hears(80),
        "(VI_1) Received advert from 192.168.5.102 with lower priority 80, ours 90, forcing new election");

    [Fact]
    public void Preempting_a_weaker_router() => Expect(
        new TestNode(Self).Startup().Hears(80),
        "(VI_1) received lower priority (80) advert from 192.168.5.102 - discarding");

    [Fact]
    public void Hearing_a_resignation()
    {
        Expect(new TestNode(Self).Startup().Hears(0), "(VI_1) Backup received priority 0 advertisement");
        Expect(new TestNode(Self).StartupActive().Hears(0), "(VI_1) Master received priority 0 message");
    }

    [Fact]
    public void Hearing_ourselves() => Expect(
        new TestNode(Self).StartupActive().Hears(90, from: TestNode.Ours),
        "(VI_1) WARNING - equal priority advert received from remote host with our IP address.");

    [Fact]
    public void Delaying_a_preemption() => Expect(
        new TestNode(Self with { PreemptDelayMicroseconds = 10_500_000 }).Startup().Hears(80),
        "(VI_1) start preempt delay (10.500000)");

    [Fact]
    public void Announcing() => Assert.Equal(
        "Sending gratuitous ARP on ens33 for 192.168.5.100", VrrpLog.Announcing("ens33", TestNode.Vip));

    [Fact]
    public void An_ordinary_advert_says_nothing()
    {
        Expect(new TestNode(Self).Startup().Hears(100));
        Expect(new TestNode(Self).StartupActive().Advance(1_000_000));
    }

    [Theory]
    [InlineData(AdvertFault.Ttl, "invalid TTL/HL. Received 254 and expect 255")]
    [InlineData(AdvertFault.Version, "wrong version. Received 3 and expect 2")]
    [InlineData(AdvertFault.Length, "vrrp packet too short, length 20 and expect 24")]
    [InlineData(AdvertFault.AuthType, "Invalid auth type: 9")]
    [InlineData(AdvertFault.AuthMismatch, "received a 0 auth, expecting 1!")]
    [InlineData(AdvertFault.Password, "received an invalid passwd!")]
    [InlineData(AdvertFault.Interval, "advertisement interval mismatch mine=1 sec rcv'd=2 sec")]
    [InlineData(AdvertFault.Type, "Invalid packet type. 2 and expect 1")]
    [InlineData(AdvertFault.Count, "expected 1 VIPs but received 0")]
    [InlineData(AdvertFault.Checksum, "Invalid VRRPv2 checksum")]
    [InlineData(
        AdvertFault.AddressList, "ip address associated with VRID 51 not present in MASTER advert: 192.168.5.100")]
    public void A_refusal_names_the_difference_and_the_sender(AdvertFault fault, string words)
    {
        byte[] packet = AdvertReaderTests.Broken(fault, out _);
        VrrpSettings self = Self with { Authentication = Authentication.Password("1111"u8) };

        Assert.Equal($"(VI_1) {words} (from 192.168.5.101)", VrrpLog.Refusal(fault, packet, self));
    }

    [Theory]
    [InlineData(AdvertFault.None)]
    [InlineData(AdvertFault.UnknownVrid)]
    public void What_is_not_ours_is_not_worth_a_word(AdvertFault fault) =>
        Assert.Null(VrrpLog.Refusal(fault, Golden.SeedAdvert(), Self));

    [Fact]
    public void An_authentication_header_is_named() => Assert.Contains(
        "auth_type AH",
        VrrpLog.Refusal(AdvertFault.AuthenticationHeader, Golden.OfKind("AH").First().IpPacket, Self),
        StringComparison.Ordinal);

    [Fact]
    public void A_changed_priority() => Expect(
        new TestNode(Self).Startup().Happens(VrrpEvent.Weighed(5)),
        "(VI_1) Changing effective priority from 90 to 95");

    private static void Expect(TestNode node, params string[] lines) =>
        Assert.Equal(string.Join(Environment.NewLine, lines), Lines(node));

    private static string Lines(TestNode node) =>
        string.Join(Environment.NewLine, VrrpLog.Lines(node.Last, node.Self).ToArray());
}
