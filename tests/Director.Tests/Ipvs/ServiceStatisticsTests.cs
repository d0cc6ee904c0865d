using System.Collections.Generic;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

public sealed class ServiceStatisticsTests
{
    private readonly Dictionary<ushort, TrafficCounts> _sent = [];
    private readonly TableKeeper _keeper;
    private readonly ServiceStatistics _statistics;

    public ServiceStatisticsTests()
    {
        ServiceSettings other = Plans.Service(Plans.Real with { Port = 8080 });
        _keeper = new TableKeeper(
            [.. Plans.Web, other with { Key = other.Key with { Port = 8080 } }], FlowPolicy.Default, _ => { });
        _statistics = new ServiceStatistics(real => _sent.GetValueOrDefault(real));
    }

    private ServiceEntry Web => _keeper.Services[0];

    private ServiceEntry Other => _keeper.Services[1];

    [Fact]
    public void A_service_has_the_sum_of_its_real_servers()
    {
        Send(Web.Reals[0], new TrafficCounts(1, 20, 300));
        Send(Web.Reals[1], new TrafficCounts(4, 50, 600));
        Send(Other.Reals[0], new TrafficCounts(7, 80, 900));

        Assert.Equal(new TrafficCounts(5, 70, 900), _statistics.Counts(Web));
        Assert.Equal(new TrafficCounts(1, 20, 300), _statistics.Counts(Web.Reals[0]));
    }

    [Fact]
    public void What_a_server_that_left_had_taken_stays_in_the_sum()
    {
        Send(Web.Reals[0], new TrafficCounts(1, 20, 300));

        _keeper.SetVerdict(new CheckName(0, 0, 0), passed: false);

        Assert.Equal(new TrafficCounts(1, 20, 300), _statistics.Counts(Web));
    }

    [Fact]
    public void Zeroing_counts_from_here_on_in_that_service_alone()
    {
        Send(Web.Reals[0], new TrafficCounts(10, 20, 30));
        Send(Other.Reals[0], new TrafficCounts(1, 2, 3));

        _statistics.Zero(Web);
        Assert.Equal(default, _statistics.Counts(Web));
        Send(Web.Reals[0], new TrafficCounts(11, 22, 33));

        Assert.Equal(new TrafficCounts(1, 2, 3), _statistics.Counts(Web));
        Assert.Equal(new TrafficCounts(1, 2, 3), _statistics.Counts(Other));
    }

    [Fact]
    public void Rates_begin_with_what_came_after_zeroing()
    {
        Send(Web.Reals[0], new TrafficCounts(800, 800, 800));
        _statistics.Zero(Web);
        Send(Web.Reals[0], new TrafficCounts(808, 880, 1600));

        _statistics.Estimate(_keeper.Services);

        Assert.Equal(new TrafficCounts(1, 10, 100), _statistics.Rates(Web));
        Assert.Equal(new TrafficCounts(1, 10, 100), _statistics.Rates(Web.Reals[0]));
    }

    [Fact]
    public void A_service_s_rate_is_an_estimate_of_its_own()
    {
        // 4 in two seconds is half of one a second for each, which the kernel rounds down; for both it is one.
        Send(Web.Reals[0], new TrafficCounts(4, 0, 0));
        Send(Web.Reals[1], new TrafficCounts(4, 0, 0));

        _statistics.Estimate(_keeper.Services);

        Assert.Equal(0, _statistics.Rates(Web.Reals[0]).Connections);
        Assert.Equal(1, _statistics.Rates(Web).Connections);
    }

    private void Send(RealServerEntry real, TrafficCounts all) => _sent[real.Number] = all;
}
