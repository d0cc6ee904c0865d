using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>uthreshold and lthreshold: from when on a server takes nothing new, and until when.</summary>
public sealed class FlowCountsTests
{
    private readonly FlowCounts _counts = new();

    [Fact]
    public void A_server_is_full_when_it_has_as_many_connections_as_the_upper_threshold()
    {
        _counts.SetThresholds(0, 4, 0);
        Bind(3);
        Assert.False(_counts.IsOverloaded(0));
        Bind(1);
        Assert.True(_counts.IsOverloaded(0));
    }

    [Theory]
    [InlineData(0, 2)] // 6 are three quarters of 8
    [InlineData(3, 5)] // 3 are not below 3
    public void It_stays_full_until_it_is_below_the_lower_one_or_three_quarters(int lower, int leaving)
    {
        _counts.SetThresholds(0, 8, lower);
        Bind(8);
        Unbind(leaving);
        Assert.True(_counts.IsOverloaded(0));
        Unbind(1);
        Assert.False(_counts.IsOverloaded(0));
    }

    [Fact]
    public void A_raised_or_lifted_threshold_makes_room_at_once()
    {
        _counts.SetThresholds(0, 4, 0);
        Bind(4);
        _counts.SetThresholds(0, 5, 0); // 4 of 5 is not below three quarters
        Assert.False(_counts.IsOverloaded(0));

        Bind(1);
        Assert.True(_counts.IsOverloaded(0));
        _counts.SetThresholds(0, 5, 0);
        Assert.True(_counts.IsOverloaded(0));
        _counts.SetThresholds(0, 0, 0);
        Assert.False(_counts.IsOverloaded(0));
    }

    [Fact]
    public void A_threshold_below_what_is_there_counts_at_once()
    {
        Bind(4);
        _counts.SetThresholds(0, 3, 0);

        Assert.True(_counts.IsOverloaded(0));
    }

    private void Bind(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _counts.Add(0, i % 2 == 0 ? FlowState.Established : FlowState.FinWait, template: false);
        }
    }

    private void Unbind(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _counts.Remove(0, FlowState.Established, template: false);
        }
    }
}
