using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

public sealed class VrrpCountersTests
{
    private readonly VrrpCounters _counters = new();

    [Fact]
    public void Counts_adverts_and_resignations_heard()
    {
        _counters.CountRead(AdvertFault.None, new Advert(100, 1_000_000, 1));
        _counters.CountRead(AdvertFault.None, new Advert(0, 1_000_000, 1));

        Assert.Equal((2, 1), (_counters.AdvertsReceived, _counters.PriorityZeroReceived));
    }

    [Fact]
    public void Counts_each_refusal_under_its_reason()
    {
        _counters.CountRead(AdvertFault.Password, default);
        _counters.CountRead(AdvertFault.Password, default);
        _counters.CountRead(AdvertFault.AddressList, default);

        Assert.Equal(2, _counters.Refused(AdvertFault.Password));
        Assert.Equal(1, _counters.Refused(AdvertFault.AddressList));
        Assert.Equal(0, _counters.Refused(AdvertFault.Ttl));
        Assert.Equal((0, 0), (_counters.AdvertsReceived, _counters.PriorityZeroReceived));
    }

    [Fact]
    public void Counts_what_a_life_as_active_router_sends()
    {
        var node = new TestNode(TestNode.Defaults).Startup();
        node.Advance(3_609_375); // becomes active
        _counters.CountStep(node.Last);
        node.Advance(1_000_000);
        _counters.CountStep(node.Last);
        node.Happens(VrrpEventKind.Shutdown);
        _counters.CountStep(node.Last);

        Assert.Equal((3, 1), (_counters.AdvertsSent, _counters.PriorityZeroSent));
        Assert.Equal((1, 1), (_counters.BecameActive, _counters.ReleasedActive));
    }

    [Fact]
    public void Counts_what_is_odd()
    {
        const AdvertOddities All = AdvertOddities.PlainChecksum | AdvertOddities.Interval | AdvertOddities.Addresses;
        _counters.CountRead(AdvertFault.None, new Advert(100, 1_000_000, 1, All));

        Assert.Equal((1, 1, 1), (_counters.PlainChecksums, _counters.OtherIntervals, _counters.OtherAddresses));
    }

    [Fact]
    public void Has_keepalived_s_names_in_keepalived_s_order()
    {
        _counters.CountRead(AdvertFault.Password, default);

        Assert.Equal(
            "advert_rcvd advert_sent become_master release_master packet_len_err advert_interval_err ip_ttl_err "
            + "invalid_type_rcvd addr_list_err invalid_authtype authtype_mismatch auth_failure "
            + "pri_zero_rcvd pri_zero_sent",
            string.Join(' ', _counters.ForJson().Select(count => count.Key)));
        Assert.Equal(1, _counters.ForJson().Single(count => count.Key == "auth_failure").Value);
    }
}
