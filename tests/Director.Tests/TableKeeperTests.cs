using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Checks;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Director.Tests;

public sealed class TableKeeperTests
{
    private static readonly MacAddress Own = new(0x000C29000065), Theirs = new(0x000C29000067);
    private static readonly CheckName OfYouxi3 = new(0, 0, 0), OfYouxi4 = new(0, 1, 0);

    private readonly List<string> _said = [];

    [Fact]
    public void Real_servers_are_in_service_before_they_were_ever_checked()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));

        Assert.Equal([Plans.Youxi3, Plans.Youxi4], Plans.Listed(keeper));
        Assert.Equal(["Gained quorum 1+0=1 <= 2 for VS [192.168.5.100]:tcp:80"], _said);
    }

    [Fact]
    public void With_alpha_a_real_server_waits_for_its_first_success()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real with { StartsDown = true }));
        Assert.Empty(Plans.Listed(keeper));

        keeper.SetVerdict(OfYouxi3, passed: true);

        Assert.Equal([Plans.Youxi3], Plans.Listed(keeper));
    }

    [Fact]
    public void A_failed_check_takes_the_server_out_in_keepalived_s_words()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));

        keeper.SetVerdict(OfYouxi3, passed: false);

        Assert.Equal([Plans.Youxi4], Plans.Listed(keeper));
        Assert.Equal("Removing service [192.168.5.103]:tcp:80 from VS [192.168.5.100]:tcp:80", _said[1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_log_says_how_many_connections_a_removed_server_lets_go(bool expires)
    {
        using var flows = new FlowTables(64, 64, new Random(1));
        var keeper = new TableKeeper(
            [Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 })],
            FlowPolicy.Default with { ExpireNoDestination = expires },
            _said.Add);
        keeper.LimitConnections(flows.Counts);
        for (ushort client = 1; client <= 3; client++)
        {
            FlowId flow = FlowId.ForV4(0x0A000001, client, Plans.Vip, 80, 6);
            FlowState state = client == 3 ? FlowState.TimeWait : FlowState.Established;
            _ = flows.Remember(flow, state, real: 0, now: 1, deadline: 1000);
        }

        keeper.SetVerdict(OfYouxi3, passed: false);

        string[] letGo = expires
            ? ["3 connection(s) of service [192.168.5.103]:tcp:80 from VS [192.168.5.100]:tcp:80 let go"]
            : [];
        Assert.Equal(letGo, _said.Skip(2));
    }

    [Fact]
    public void A_server_that_returns_is_the_last_added()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));

        keeper.SetVerdict(OfYouxi3, passed: false);
        keeper.SetVerdict(OfYouxi3, passed: true);

        Assert.Equal([Plans.Youxi4, Plans.Youxi3], Plans.Listed(keeper));
        Assert.Equal("Adding service [192.168.5.103]:tcp:80 to VS [192.168.5.100]:tcp:80", _said[^1]);
    }

    [Fact]
    public void Losing_the_last_server_loses_the_quorum()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));

        keeper.SetVerdict(OfYouxi3, passed: false);
        keeper.SetVerdict(OfYouxi4, passed: false);

        Assert.Equal("Lost quorum 1-0=1 > 0 for VS [192.168.5.100]:tcp:80", _said[^1]);
    }

    [Fact]
    public void Inhibited_servers_stay_with_weight_zero()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real with { InhibitOnFailure = true }));
        keeper.SetNeighbour(Plans.Youxi3, Theirs);

        keeper.SetVerdict(OfYouxi3, passed: false);

        Assert.Equal(0, Only(keeper).Weight);
        Assert.Equal("Disabling service [192.168.5.103]:tcp:80 of VS [192.168.5.100]:tcp:80", _said[1]);
    }

    [Fact]
    public void All_checks_of_a_server_must_pass()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real with { Checks = 2 }));
        keeper.SetVerdict(new CheckName(0, 0, 1), passed: false);
        keeper.SetVerdict(new CheckName(0, 0, 0), passed: false);
        keeper.SetVerdict(new CheckName(0, 0, 1), passed: true);
        Assert.Empty(Plans.Listed(keeper));

        keeper.SetVerdict(new CheckName(0, 0, 0), passed: true);

        Assert.Equal([Plans.Youxi3], Plans.Listed(keeper));
    }

    [Fact]
    public void A_check_may_change_the_weight()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));

        keeper.SetVerdict(OfYouxi3, new CheckReport(true, WeightAdvice.Set(48)));
        int heavy = keeper.Services[0].Reals[0].WeightNow;
        keeper.SetVerdict(OfYouxi3, new CheckReport(false, WeightAdvice.None));
        keeper.SetVerdict(OfYouxi3, new CheckReport(true, WeightAdvice.None));

        Assert.Equal((48, 1), (heavy, keeper.Services[0].Reals[0].WeightNow));
        Assert.Contains(
            "Changing weight from 1 to 48 for active service [192.168.5.103]:tcp:80 of VS [192.168.5.100]:tcp:80",
            _said);
    }

    [Fact]
    public void A_server_whose_check_was_not_understood_never_serves()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real with { Barred = "no", Checks = 0 }));

        keeper.SetBarred(0, 0, reason: null);

        Assert.Empty(Plans.Listed(keeper));
    }

    [Fact]
    public void A_barred_way_is_told_once_and_opens_again()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real));

        keeper.SetBarred(0, 0, "no route leads to it");
        keeper.SetBarred(0, 0, "no route leads to it");
        Assert.Empty(Plans.Listed(keeper));
        keeper.SetBarred(0, 0, reason: null);

        Assert.Equal([Plans.Youxi3], Plans.Listed(keeper));
        Assert.Single(_said, line => line.EndsWith("no route leads to it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_without_a_mac_takes_no_new_connection_yet()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real));
        Assert.Equal(0, Only(keeper).Weight);

        Assert.True(keeper.SetNeighbour(Plans.Youxi3, Theirs));

        Assert.Equal((1, Theirs), (Only(keeper).Weight, Only(keeper).Mac));
        Assert.False(keeper.SetNeighbour(Plans.Youxi3, Theirs));
    }

    [Fact]
    public void A_table_holds_the_services_of_its_interface_only()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real), Plans.Service(Plans.Real) with { Interface = "ens34" });

        Assert.Single(keeper.Build("ens34", Own, []).Services);
        Assert.Empty(keeper.Build("ens35", Own, []).Services);
    }

    [Fact]
    public void A_real_server_keeps_its_number_and_the_scheduler_its_memory_from_table_to_table()
    {
        TableKeeper keeper = Keeper(Plans.Service(Plans.Real, Plans.Real with { Address = Plans.Youxi4 }));
        VirtualService before = keeper.Build("ens33", Own, []).Services.Single();

        keeper.SetVerdict(OfYouxi3, passed: false);
        VirtualService after = keeper.Build("ens33", Own, []).Services.Single();

        Assert.Same(before.Memory, after.Memory);
        Assert.Equal(before.Reals.Single(real => real.Address == Plans.Youxi4).Number, after.Reals.Single().Number);
    }

    private static RealServer Only(TableKeeper keeper) =>
        keeper.Build("ens33", Own, []).Services.Single().Reals.Single();

    private TableKeeper Keeper(params ServiceSettings[] services) =>
        new([.. services], FlowPolicy.Default, _said.Add);
}
