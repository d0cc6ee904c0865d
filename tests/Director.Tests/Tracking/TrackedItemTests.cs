using System.Collections.Immutable;
using Xunit;
using XdpLvs.Director.Tracking;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>What a tracked thing does to an instance: keepalived's arithmetic.</summary>
public sealed class TrackedItemTests
{
    private static readonly TrackerId Id = new(TrackerKind.Script, "chk");

    [Theory]
    [InlineData(0, false, true, false, 0)]
    [InlineData(0, false, false, true, 0)]
    [InlineData(0, true, true, true, 0)]
    [InlineData(0, true, false, false, 0)]
    [InlineData(20, false, true, false, 20)]
    [InlineData(20, false, false, false, 0)]
    [InlineData(-20, false, true, false, 0)]
    [InlineData(-20, false, false, false, -20)]
    [InlineData(20, true, true, false, -20)]
    [InlineData(20, true, false, false, 0)]
    [InlineData(-20, true, true, false, 0)]
    [InlineData(-20, true, false, false, 20)]
    public void Up_and_down(int weight, bool reverse, bool isUp, bool isFault, int adds) => Assert.Equal(
        new TrackerOutput("chk", isFault, IsAwaited: false, adds),
        new TrackedItem(Id, weight, reverse).Output(Reading.Of(isUp)));

    [Theory]
    [InlineData(0, false, 0, false, 0)]
    [InlineData(0, false, 1, true, 0)]
    [InlineData(0, true, 0, true, 0)]
    [InlineData(0, true, -7, false, 0)]
    [InlineData(1, false, 30, false, 30)]
    [InlineData(2, false, -30, false, -60)]
    [InlineData(2, true, -30, false, 60)]
    [InlineData(10, false, 100, false, 253)]
    [InlineData(1, false, -253, false, -253)]
    [InlineData(1, false, -254, true, 0)]
    [InlineData(-2, false, 127, true, 0)]
    public void A_number(int weight, bool reverse, int value, bool isFault, int adds) => Assert.Equal(
        new TrackerOutput("chk", isFault, IsAwaited: false, adds),
        new TrackedItem(Id, weight, reverse).Output(Reading.Of(value)));

    [Fact]
    public void What_decides_about_fault_is_waited_for_and_what_has_a_weight_is_not()
    {
        Assert.True(new TrackedItem(Id).Output(Reading.Unknown).IsAwaited);
        Assert.Equal(
            new TrackerOutput("chk", IsFault: false, IsAwaited: false, 0),
            new TrackedItem(Id, -20).Output(Reading.Unknown));
    }

    [Theory]
    [InlineData(100, -30, 70)]
    [InlineData(100, 30, 130)]
    [InlineData(100, -200, 1)]
    [InlineData(200, 100, 254)]
    [InlineData(254, -253, 1)]
    [InlineData(255, -200, 255)]
    public void Priorities_stay_within_bounds_and_the_owners_stays(byte configured, int adds, byte effective) =>
        Assert.Equal(
            effective, TrackSum.Of(configured, [new TrackerOutput("chk", false, false, adds)]).Priority);

    [Fact]
    public void An_instance_begins_when_all_is_known_and_none_of_it_is_a_fault()
    {
        TrackerId web = new(TrackerKind.Script, "web"), disk = new(TrackerKind.File, "disk");
        ImmutableArray<TrackedItem> items =
            [new(web), new(disk, 1), new(new TrackerId(TrackerKind.Process, "web"), -40)];
        var instance = new TrackedInstance(100, items);
        Assert.False(instance.Sum.IsReady);

        Assert.True(instance.Hear(web, Reading.Of(isUp: true)));
        Assert.True(instance.Sum is { IsReady: true, Priority: 100 });
        Assert.True(instance.Hear(disk, Reading.Of(-25)));
        Assert.Equal(75, instance.Sum.Priority);
        Assert.True(instance.Hear(web, Reading.Of(isUp: false)));
        Assert.Equal(["web"], instance.Sum.Faults);
        Assert.False(instance.Hear(web, Reading.Of(isUp: false)));
        Assert.False(instance.Hear(new TrackerId(TrackerKind.Bfd, "web"), Reading.Of(isUp: true)));
    }

    [Fact]
    public void A_bfd_session_is_down_until_it_comes_up()
    {
        TrackerId peer = new(TrackerKind.Bfd, "peer");
        var instance = new TrackedInstance(100, [new TrackedItem(peer)]);
        Assert.Equal(["peer"], instance.Sum.Faults);

        instance.Hear(peer, Reading.Of(isUp: true));

        Assert.True(instance.Sum.IsReady);
    }

    [Fact]
    public void A_changed_priority_reads_as_in_keepalived() => Assert.Equal(
        "(VI_1) Changing effective priority from 100 to 90", TrackSum.PriorityLine("VI_1", 100, 90));
}
