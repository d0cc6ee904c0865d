using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Why there are two masters: who differs, and in what.</summary>
public sealed class DiagnosisTests
{
    private static readonly Instant Now = new(1_000_000_000);

    private static readonly VrrpSettings Self =
        TestNode.Defaults with { Authentication = Authentication.Password("1111"u8) };

    private readonly Diagnosis _diagnosis = new();

    [Theory]
    [InlineData(AdvertFault.Interval, PeerDifference.Interval, "mine=1 sec rcv'd=2 sec")]
    [InlineData(AdvertFault.Password, PeerDifference.Authentication, "received an invalid passwd!")]
    [InlineData(AdvertFault.AuthMismatch, PeerDifference.Authentication, "received a 0 auth, expecting 1!")]
    [InlineData(AdvertFault.AuthenticationHeader, PeerDifference.Authentication, "auth_type AH")]
    [InlineData(AdvertFault.AddressList, PeerDifference.Addresses, "not present in MASTER advert: 192.168.5.100")]
    [InlineData(AdvertFault.Version, PeerDifference.Version, "Received 3 and expect 2")]
    [InlineData(AdvertFault.Ttl, PeerDifference.Reachability, "Received 254 and expect 255")]
    [InlineData(AdvertFault.Checksum, PeerDifference.Message, "Invalid VRRPv2 checksum")]
    public void Names_the_peer_and_what_differs(AdvertFault fault, PeerDifference difference, string words)
    {
        byte[] packet = AdvertReaderTests.Broken(fault, out _);

        _diagnosis.Refused(fault, packet, Self, Now);

        PeerFinding finding = Assert.Single(_diagnosis.Findings());
        Assert.Equal((difference, 1), (finding.Difference, finding.Count));
        Assert.Contains(words, finding.Explanation, System.StringComparison.Ordinal);
        Assert.StartsWith("192.168.5.10", finding.Peer.ToString());
        Assert.StartsWith("two masters: ", _diagnosis.Tell(Role.Active, Now).Single());
        Assert.StartsWith("192.168.5.10", _diagnosis.Tell(Role.Backup, Now).Single());
    }

    [Fact]
    public void A_difference_that_repeats_is_counted_and_forgotten_when_it_ends()
    {
        byte[] packet = AdvertReaderTests.Broken(AdvertFault.Password, out _);
        for (int i = 0; i < 5; i++)
        {
            _diagnosis.Refused(AdvertFault.Password, packet, Self, Now.After(i));
        }

        Assert.Equal(5, _diagnosis.Findings().Single().Count);
        Assert.Single(_diagnosis.Tell(Role.Active, Now.After(9_000_000)));
        Assert.Empty(_diagnosis.Tell(Role.Active, Now.After(11_000_000)));
    }

    [Fact]
    public void Our_addresses_under_another_identifier_are_a_mistake()
    {
        byte[] packet = AdvertReaderTests.Broken(AdvertFault.UnknownVrid, out _);

        Assert.True(AdvertReader.CarriesAddresses(packet, Self.Addresses.AsSpan()));
        _diagnosis.OtherVrid(packet, Self, Now);

        PeerFinding finding = Assert.Single(_diagnosis.Findings());
        Assert.Equal(PeerDifference.Vrid, finding.Difference);
        Assert.Equal("our VIPs under VRID 52, ours is 51", finding.Explanation);
    }

    [Fact]
    public void A_second_active_router_is_told_only_while_we_are_active()
    {
        _diagnosis.Heard(new Advert(90, 1_000_000, TestNode.Higher), Role.Backup, Self, Now);
        Assert.Empty(_diagnosis.Findings());

        _diagnosis.Heard(new Advert(90, 1_000_000, TestNode.Higher), Role.Active, Self, Now);
        Assert.Empty(_diagnosis.Tell(Role.Active, Now)); // the last word of one that yields
        _diagnosis.Heard(new Advert(90, 1_000_000, TestNode.Higher), Role.Active, Self, Now);

        Assert.Equal(
            [
                "two masters: 192.168.5.102 is active with priority 90 too, "
                    + "and does not hear us or refuses us (2 adverts)",
            ],
            _diagnosis.Tell(Role.Active, Now));
        Assert.Empty(_diagnosis.Tell(Role.Backup, Now));
    }

    [Fact]
    public void What_is_odd_is_told_too()
    {
        var odd = new Advert(90, 2_000_000, TestNode.Higher, AdvertOddities.Interval);

        _diagnosis.Heard(odd, Role.Backup, Self, Now);

        Assert.Equal(PeerDifference.Interval, _diagnosis.Findings().Single().Difference);
    }

    [Fact]
    public void A_flood_of_invented_senders_makes_few_findings()
    {
        for (uint sender = 1; sender <= 10_000; sender++)
        {
            _diagnosis.Heard(new Advert(90, 1_000_000, sender), Role.Active, Self, Now.After(sender * 1_000));
        }

        Assert.InRange(_diagnosis.Findings().Count, 2, Diagnosis.Capacity);
    }

    [Fact]
    public void The_last_changes_of_role_are_kept_with_their_reasons()
    {
        var history = new TransitionHistory();
        var node = new TestNode(Self);
        for (int i = 0; i < 40; i++)
        {
            history.Note(node.Startup().Last.Notice, new Instant(i));
            history.Note(node.Hears(200).Last.Notice, new Instant(i)); // no transition
            history.Note(node.Happens(VrrpEventKind.Shutdown).Last.Notice, new Instant(i));
        }

        Assert.Equal(80, history.Count);
        Assert.Equal(TransitionHistory.Capacity, history.Last().Count);
        Assert.Equal(new Instant(39), history.Last()[^1].At);
        Assert.Equal(Reason.Shutdown, history.Last()[^1].Notice.Reason);
        Notice start = history.Last()[^2].Notice;
        Assert.Equal((Role.Initialize, Role.Backup), (start.Before, start.After));
        Assert.True(history.Last()[0].At.Microseconds < history.Last()[^1].At.Microseconds);
    }
}
