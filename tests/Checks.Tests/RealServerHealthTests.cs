using Xunit;

namespace XdpLvs.Checks.Tests;

public sealed class RealServerHealthTests
{
    private static readonly CheckReport Up = new(true, WeightAdvice.None), Down = new(false, WeightAdvice.None);

    [Fact]
    public void Without_checks_it_is_up() => Assert.Equal(new RealServerHealth(true, 5), RealServerHealth.Of(5, []));

    [Fact]
    public void It_is_up_while_all_checks_are()
    {
        Assert.True(RealServerHealth.Of(1, [Up, Up]).IsUp);
        Assert.False(RealServerHealth.Of(1, [Up, Down]).IsUp);
        Assert.False(RealServerHealth.Of(1, [Down, Up]).IsUp);
    }

    [Theory]
    [InlineData(1, 48, 48)] // exit status 50 with misc_dynamic
    [InlineData(1, 0, 0)] // exit status 2: drained
    [InlineData(300, 253, 253)]
    public void A_weight_replaces_the_configured_one(int configured, int advice, int weight) => Assert.Equal(
        new RealServerHealth(true, weight),
        RealServerHealth.Of(configured, [Up, new CheckReport(true, WeightAdvice.Set(advice))]));

    [Theory]
    [InlineData(10, 5, 15)]
    [InlineData(10, -10, 0)]
    [InlineData(10, -11, 0)] // never below nothing
    [InlineData(10, int.MaxValue, 65_535)] // nor above what a configuration may say
    [InlineData(10, int.MinValue, 0)]
    public void A_difference_is_added(int configured, int advice, int weight) => Assert.Equal(
        new RealServerHealth(true, weight),
        RealServerHealth.Of(configured, [new CheckReport(true, WeightAdvice.Add(advice))]));

    [Fact]
    public void Advice_of_several_checks_adds_up() => Assert.Equal(
        new RealServerHealth(true, 23),
        RealServerHealth.Of(
            10, [new CheckReport(true, WeightAdvice.Set(20)), new CheckReport(true, WeightAdvice.Add(3))]));

    [Fact]
    public void A_check_that_is_down_has_no_say_in_the_weight() => Assert.Equal(
        new RealServerHealth(false, 10), RealServerHealth.Of(10, [new CheckReport(false, WeightAdvice.Set(99))]));
}
