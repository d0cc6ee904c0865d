using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Instances that move together: keepalived's vrrp_sync_group.</summary>
public sealed class SyncGroupTests
{
    private const Effects TakesOver = Effects.Advertise | Effects.TakeAddresses | Effects.AnnounceAddresses;

    private static readonly VrrpSettings Self = TestNode.Defaults with { IsGroupMember = true };

    private readonly TestNode[] _members = [new(Self), new(Self)];

    [Fact]
    public void A_member_that_would_take_over_waits_for_the_others()
    {
        Start();

        _members[0].Advance(3_609_375).Expects(Role.Backup, Effects.None, Reason.WaitsForGroup);
        Assert.Equal((Role.Backup, GroupOrder.None), Decide());
        _members[0].Advance(10_000_000).ExpectsRole(Role.Backup);
    }

    [Fact]
    public void The_group_is_active_when_every_member_wants_to_be()
    {
        Start();
        Advance(3_609_375);

        Assert.Equal(GroupOrder.Activate, Settle());

        Assert.All(_members, member => member.Expects(Role.Active, TakesOver, Reason.GroupActive));
        Assert.Equal((Role.Active, GroupOrder.None), Decide());
    }

    [Fact]
    public void A_member_that_hears_an_active_router_does_not_want_any_more()
    {
        Start();
        Advance(3_609_375);

        _members[0].Hears(200);

        Assert.Equal((Role.Backup, GroupOrder.None), Decide());
    }

    [Fact]
    public void A_member_that_yields_takes_all_along()
    {
        Activate();
        _members[0].Hears(200).ExpectsRole(Role.Backup);

        Assert.Equal(GroupOrder.Yield, Settle());

        _members[1].Expects(Role.Backup, Effects.DropAddresses, Reason.GroupBackup);
        Assert.Equal((Role.Backup, GroupOrder.None), Decide());
    }

    [Fact]
    public void A_member_that_fails_makes_all_fail_and_all_come_back_together()
    {
        Activate();
        _members[0].Fails(FaultCauses.Link);

        Assert.Equal(GroupOrder.Fail, Settle());
        _members[1].Expects(Role.Fault, Effects.Resign | Effects.DropAddresses, Reason.GroupFault);
        Assert.Equal((Role.Fault, GroupOrder.None), Decide());

        _members[0].Recovers(FaultCauses.Link).ExpectsRole(Role.Fault);
        Assert.Equal(GroupOrder.Recover, Settle());
        Assert.All(_members, member => member.ExpectsRole(Role.Backup));
    }

    [Fact]
    public void Two_faults_must_both_be_well()
    {
        Activate();
        _members[0].Fails(FaultCauses.Link);
        Settle();
        _members[1].Fails(FaultCauses.Tracked);

        _members[0].Recovers(FaultCauses.Link);
        Assert.Equal((Role.Fault, GroupOrder.None), Decide());
        _members[1].Recovers(FaultCauses.Tracked);
        Assert.Equal(GroupOrder.Recover, Settle());
    }

    [Fact]
    public void The_owner_waits_for_the_others_too()
    {
        _members[0].Self = Self with { Priority = 255 };
        Start();

        _members[0].ExpectsRole(Role.Backup);
        _members[1].Advance(3_609_375);

        Assert.Equal(GroupOrder.Activate, Settle());
    }

    [Fact]
    public void A_group_that_has_not_started_or_is_leaving_decides_nothing()
    {
        _members[0].Startup();
        Assert.Equal((Role.Initialize, GroupOrder.None), Decide());

        _members[1].Startup();
        Advance(3_609_375);
        Settle();
        _members[0].Happens(VrrpEventKind.Shutdown);
        Assert.Equal((Role.Initialize, GroupOrder.None), Decide());
    }

    [Fact]
    public void A_predecessors_role_is_taken_on_by_all_or_by_none()
    {
        _members[0].Happens(VrrpEvent.Adopt());
        _members[1].Startup();

        Assert.Equal(GroupOrder.Yield, Settle());
        Assert.All(_members, member => member.ExpectsRole(Role.Backup));
    }

    /// <summary>Whatever happens to the members, orders end and the group is never half active.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Is_never_half_active(int seed)
    {
        var random = new Random(seed);
        Start();
        for (int i = 0; i < 300; i++)
        {
            TestNode member = _members[random.Next(_members.Length)];
            switch (random.Next(6))
            {
                case 0: member.Hears(random.Next(256)); break;
                case 1: member.Fails((FaultCauses)(1 << random.Next(3))); break;
                case 2: member.Recovers(FaultCauses.Link | FaultCauses.Addresses | FaultCauses.Tracked); break;
                case 3: member.Happens(VrrpEvent.Weighed(random.Next(-50, 50))); break;
                default: Advance(random.Next(4_000_000)); break;
            }

            Settle();
            Assert.Single(_members.Select(each => each.Role == Role.Active).Distinct());
            Assert.Equal(GroupOrder.None, Decide().Order);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    private void Start() => Array.ForEach(_members, member => member.Startup());

    private void Activate()
    {
        Start();
        Advance(3_609_375);
        Settle();
    }

    private void Advance(long microseconds) => Array.ForEach(_members, member => member.Advance(microseconds));

    private (Role Role, GroupOrder Order) Decide() =>
        SyncGroup.Decide([.. _members.Select(member => member.State)]);

    /// <summary>Gives orders until there is none; three in a row are the most. Returns the first.</summary>
    private GroupOrder Settle()
    {
        GroupOrder first = Decide().Order;
        int given = 0;
        while (Decide().Order is var order && order != GroupOrder.None)
        {
            Array.ForEach(_members, member => member.Happens(SyncGroup.EventOf(order)));
            Assert.InRange(++given, 1, 3);
        }

        return first;
    }
}
