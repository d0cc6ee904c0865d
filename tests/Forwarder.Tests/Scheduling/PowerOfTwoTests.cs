using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Scheduling;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>twos: two tickets are drawn, and whose holder has less to carry for its weight is chosen.</summary>
public sealed class PowerOfTwoTests
{
    private const SchedulerKind Twos = SchedulerKind.PowerOfTwo;

    /// <summary>Weights 3, 1, 2 make tickets 0 to 6; the last added, weight 2, holds 0, 1 and 2.</summary>
    [Fact]
    public void Tickets_are_held_by_weight_from_the_last_added_on_and_the_first_ticket_is_one_more() =>
        Assert.Equal([2, 2, 2, 1, 0, 0, 0], Tickets(6).Select(ticket => With(ticket, ticket)));

    [Theory]
    [InlineData(0, 3, 1)] // 2 and 1 are drawn: 1 carries 0
    [InlineData(3, 0, 1)]
    [InlineData(0, 6, 0)] // 2 with 256*2/2, 0 with 256*1/3
    [InlineData(6, 0, 0)]
    [InlineData(6, 6, 0)]
    public void The_less_loaded_of_two_is_chosen(uint first, uint second, int expected) =>
        Assert.Equal(expected, With(first, second, new Farm(Twos).With(3, 1, 2).Load(0, 1).Load(2, 2)));

    [Fact]
    public void Of_equals_the_first_drawn_is_chosen()
    {
        Assert.Equal(2, With(0, 6));
        Assert.Equal(0, With(6, 0));
    }

    [Fact]
    public void Who_takes_nothing_holds_no_ticket()
    {
        Farm farm = new Farm(Twos).With(3, 1, 2);
        farm.SetWeight(1, 0);
        farm.Overload(2);

        Assert.Equal([0, 0, 0, 0], Tickets(3).Select(ticket => With(ticket, ticket, farm)));
        farm.SetWeight(0, 0);
        Assert.Equal(-1, farm.Choose());
    }

    [Fact]
    public void Idle_servers_are_drawn_in_proportion_to_their_weights()
    {
        Farm farm = new Farm(Twos).With(10, 20, 70);
        int[] chosen = [.. Enumerable.Range(0, 50_000).Select(_ => farm.Choose())];

        Assert.InRange(chosen.Count(number => number == 0), 4600, 5400);
        Assert.InRange(chosen.Count(number => number == 1), 9500, 10_500);
    }

    [Fact]
    public void Loads_stay_close_together()
    {
        Farm farm = new Farm(Twos).With(1, 1, 1, 1, 1);
        farm.Connect(5000);

        Assert.All(Enumerable.Range(0, 5), number => Assert.InRange(farm.Counts.Active((ushort)number), 980, 1020));
    }

    [Fact]
    public async Task No_two_threads_draw_the_same()
    {
        var memory = new SchedulerMemory();
        Farm farm = new Farm(Twos).With(1, 1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < 25_000; i++)
                {
                    PowerOfTwo.Choose(farm.Service.Reals.AsSpan(), memory, farm.Counts);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(unchecked(100_000 * Mixer.Step), memory.Read());
    }

    private static IEnumerable<uint> Tickets(uint last) => Enumerable.Range(0, (int)last + 1).Select(n => (uint)n);

    private static int With(uint first, uint second, Farm? farm = null)
    {
        farm ??= new Farm(Twos).With(3, 1, 2);
        int chosen = PowerOfTwo.Choose(
            farm.Service.Reals.AsSpan(), farm.Counts, ((ulong)first << 32) | second);
        return farm.Service.Reals[chosen].Number;
    }
}
