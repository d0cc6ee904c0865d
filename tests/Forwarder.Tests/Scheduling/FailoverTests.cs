using XdpLvs.Forwarder.Scheduling;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>fo and ovf: the greatest weight first.</summary>
public sealed class FailoverTests
{
    private const SchedulerKind Fo = SchedulerKind.WeightedFailover, Ovf = SchedulerKind.WeightedOverflow;

    [Fact]
    public void Fo_gives_everything_to_the_greatest_weight() =>
        Assert.Equal([1, 1, 1, 1, 1], new Farm(Fo).With(5, 9, 8).Connect(5));

    [Fact]
    public void Fo_fails_over_to_the_next_greatest_and_back()
    {
        Farm farm = new Farm(Fo).With(5, 9, 8);
        farm.SetWeight(1, 0);
        Assert.Equal(2, farm.Choose());
        farm.Remove(2);
        Assert.Equal(0, farm.Choose());
        farm.SetWeight(1, 9);
        Assert.Equal(1, farm.Choose());
    }

    [Fact]
    public void Fo_passes_over_a_server_at_its_threshold() =>
        Assert.Equal(2, new Farm(Fo).With(5, 9, 8).Overload(1).Choose());

    [Theory]
    [InlineData(Fo)]
    [InlineData(Ovf)]
    public void Of_equals_the_last_added_is_chosen(SchedulerKind kind)
    {
        Assert.Equal(2, new Farm(kind).With(7, 7, 7).Choose());
        Assert.Equal(1, new Farm(kind).With(7, 7, 6).Choose());
    }

    [Fact]
    public void Ovf_overflows_when_there_are_more_active_connections_than_the_weight() =>
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, -1], new Farm(Ovf).With(3, 2).Connect(8)); // one more than its weight each

    [Fact]
    public void Ovf_goes_back_to_the_first_when_it_has_room()
    {
        Farm farm = new Farm(Ovf).With(3, 2).Load(0, 4);
        Assert.Equal(1, farm.Choose());
        farm.Relieve(0, 1);
        Assert.Equal(0, farm.Choose());
    }

    [Fact]
    public void Ovf_does_not_count_inactive_connections() =>
        Assert.Equal(0, new Farm(Ovf).With(3, 2).Load(0, 0, 1000).Choose());

    [Fact]
    public void Ovf_passes_over_a_server_at_its_threshold() =>
        Assert.Equal(1, new Farm(Ovf).With(3, 2).Overload(0).Choose());
}
