using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>lblc: one address, one server while it can. lblcr: one address, a set of servers.</summary>
public sealed class LocalityTests
{
    private const SchedulerKind Lblc = SchedulerKind.LocalityLeastConnections;
    private const SchedulerKind Lblcr = SchedulerKind.LocalityLeastConnectionsReplicated;

    private static readonly uint Day = FlowClock.Ticks(24 * 60 * 60);

    [Theory]
    [InlineData(Lblc)]
    [InlineData(Lblcr)]
    public void Stays_with_wlc_s_choice_while_that_has_no_more_than_its_weight(SchedulerKind kind) =>
        Assert.Equal([1, 1, 1, 1, 1], new Farm(kind).With(4, 4).Connect(5)); // the fifth finds 4 active: not more

    [Theory]
    [InlineData(Lblc)]
    [InlineData(Lblcr)]
    public void Leaves_a_server_beyond_its_weight_when_another_is_not_half_used(SchedulerKind kind)
    {
        Farm farm = new Farm(kind).With(4, 4);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0], farm.Connect(7));
    }

    [Theory]
    [InlineData(Lblc)]
    [InlineData(Lblcr)]
    public void Stays_beyond_its_weight_while_every_other_is_half_used(SchedulerKind kind)
    {
        Farm farm = new Farm(kind).With(4, 4);
        Assert.Equal(1, farm.Connect());
        farm.Load(1, 4).Load(0, 2); // 2 * 2 is not less than 4

        Assert.Equal([1, 1], farm.Connect(2));
    }

    [Theory]
    [InlineData(Lblc)]
    [InlineData(Lblcr)]
    public void A_server_without_weight_or_out_of_service_is_replaced(SchedulerKind kind)
    {
        Farm farm = new Farm(kind).With(4, 4, 4);
        Assert.Equal(2, farm.Choose());
        farm.SetWeight(2, 0);
        Assert.Equal(1, farm.Choose());
        farm.Remove(1);
        Assert.Equal(0, farm.Choose());
    }

    [Fact]
    public void Lblc_keeps_its_server_over_the_threshold_as_the_kernel_does() // its is_overloaded asks the weight alone
    {
        Farm farm = new Farm(Lblc).With(4, 4);
        Assert.Equal(1, farm.Choose());

        Assert.Equal(1, farm.Overload(1).Choose());
    }

    [Fact]
    public void Lblcr_passes_over_a_member_at_its_threshold()
    {
        Farm farm = new Farm(Lblcr).With(4, 4);
        Assert.Equal(1, farm.Choose());

        Assert.Equal(0, farm.Overload(1).Choose());
    }

    [Fact]
    public void Lblc_forgets_the_server_it_left()
    {
        Farm farm = new Farm(Lblc).With(4, 4);
        farm.Connect(6);
        farm.Relieve(1, 5);

        Assert.Equal(0, farm.Choose());
    }

    [Fact]
    public void Lblcr_chooses_the_least_loaded_of_its_set()
    {
        Farm farm = new Farm(Lblcr).With(4, 4, 4);
        Assert.Equal([2, 2, 2, 2, 2, 1], farm.Connect(6)); // 1 has joined
        farm.Relieve(2, 5);

        Assert.Equal([2, 1, 2, 1], farm.Connect(4)); // 0 is idle, but no member
    }

    [Fact]
    public void Of_equal_members_the_last_joined_is_chosen()
    {
        Farm farm = new Farm(Lblcr).With(4, 4);
        farm.Connect(6); // 1 joined first, 0 last
        farm.Relieve(1, 4);

        Assert.Equal(0, farm.Choose());
    }

    [Fact]
    public void A_set_that_was_the_same_for_a_day_loses_its_most_loaded_server()
    {
        Farm farm = new Farm(Lblcr).With(4, 4);
        Assert.Equal([1, 1, 1, 1, 1, 0], farm.Connect(6));
        farm.Now += Day;
        Assert.Equal(0, farm.Choose()); // a day, and not more: the set stays
        farm.Now++;
        Assert.Equal(0, farm.Choose()); // and here 1 left, as the most loaded
        farm.Relieve(1, 5);

        Assert.Equal([0, 0, 0], farm.Connect(3));
    }

    [Fact]
    public void One_server_leaves_a_day_and_the_last_stays()
    {
        Farm farm = new Farm(Lblcr).With(2, 2, 2);
        Assert.Equal([2, 2, 2, 1, 1, 1, 0], farm.Connect(7));
        farm.Relieve(2, 3);
        farm.Relieve(1, 3);
        farm.Now += Day + 1;
        Assert.Equal(1, farm.Choose()); // 0 leaves: one active
        farm.Now += Day + 1;
        Assert.Equal(1, farm.Choose()); // 1 leaves: of equals the last joined, also as the most loaded
        farm.Now += Day + 1;
        Assert.Equal([2, 2], [farm.Choose(), farm.Choose()]);
    }

    [Fact]
    public void A_member_that_was_out_of_service_is_a_member_again()
    {
        Farm farm = new Farm(Lblcr).With(4, 4, 4);
        Assert.Equal(2, farm.Choose());
        farm.Remove(2);
        Assert.Equal(1, farm.Connect());
        farm.Add(2, 4);

        Assert.Equal(2, farm.Choose());
    }

    [Theory]
    [InlineData(Lblc)]
    [InlineData(Lblcr)]
    public async Task Threads_agree_on_one_server(SchedulerKind kind)
    {
        Farm farm = new Farm(kind).With(9, 9, 9, 9);
        int[] chosen = new int[4];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < 20_000; i++)
                {
                    Interlocked.Increment(ref chosen[farm.Choose()]);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal([0, 0, 0, 80_000], chosen);
    }

    [Fact]
    public async Task Threads_that_join_servers_lose_none()
    {
        const int Servers = 600; // more than one page of marks
        Farm farm = new Farm(Lblcr).With([.. Enumerable.Repeat(1, Servers)]);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < Servers * 2; i++)
                {
                    farm.Connect();
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.All(Enumerable.Range(0, Servers), n => Assert.NotEqual(0u, farm.Service.Memory.MarkOf((ushort)n)));
        Assert.Equal(Servers, Enumerable.Range(0, Servers)
            .Select(n => farm.Service.Memory.MarkOf((ushort)n)).Distinct().Count());
    }
}
