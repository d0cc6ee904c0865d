using System;

namespace XdpLvs.Vrrp;

/// <summary>What a sync group tells all of its members.</summary>
public enum GroupOrder
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Everybody wants to be active: <see cref="VrrpEventKind.GroupActivates"/>.</summary>
    Activate,

    /// <summary>A member yielded: <see cref="VrrpEventKind.GroupYields"/>.</summary>
    Yield,

    /// <summary>A member cannot serve: it has failed with <see cref="FaultCauses.Group"/>.</summary>
    Fail,

    /// <summary>All can serve again: they recovered from <see cref="FaultCauses.Group"/>.</summary>
    Recover,
}

/// <summary>Virtual routers that move together (vrrp_sync_group), as a function of what its members are.</summary>
/// <remarks>
/// keepalived's rules: the group is active only when every member wants to be; a member that yields takes all along; a
/// member that fails makes all fail. Ask after each step of a member, give the order to every member in turn, and ask
/// again until there is none: three orders in a row are the most that can come.
/// </remarks>
public static class SyncGroup
{
    /// <summary>What the group is, and what must be told to its members.</summary>
    /// <param name="members">Their states; at least one.</param>
    public static (Role Role, GroupOrder Order) Decide(ReadOnlySpan<VrrpState> members)
    {
        bool isOut = false, ownFault = false, allTold = true, anyTold = false, anyActive = false, anyWaiting = false;
        foreach (ref readonly VrrpState member in members)
        {
            bool told = member.Faults.HasFlag(FaultCauses.Group);
            isOut |= member.Role is Role.Initialize or Role.Leaving;
            ownFault |= (member.Faults & ~FaultCauses.Group) != FaultCauses.None;
            allTold &= told;
            anyTold |= told;
            anyActive |= member.Role == Role.Active;
            anyWaiting |= member.Role == Role.Backup && !member.WantsActive;
        }

        return 0 switch
        {
            _ when isOut => (Role.Initialize, GroupOrder.None), // not all have started, or all are being stopped
            _ when ownFault => (Role.Fault, allTold ? GroupOrder.None : GroupOrder.Fail),
            _ when anyTold => (Role.Backup, GroupOrder.Recover),
            _ when !anyWaiting => (Role.Active, AllActive(members) ? GroupOrder.None : GroupOrder.Activate),
            _ => (Role.Backup, anyActive ? GroupOrder.Yield : GroupOrder.None),
        };
    }

    /// <summary>The event that carries an order to a member.</summary>
    public static VrrpEvent EventOf(GroupOrder order) => order switch
    {
        GroupOrder.Activate => new VrrpEvent(VrrpEventKind.GroupActivates),
        GroupOrder.Yield => new VrrpEvent(VrrpEventKind.GroupYields),
        GroupOrder.Fail => VrrpEvent.Failed(FaultCauses.Group),
        GroupOrder.Recover => VrrpEvent.Recovered(FaultCauses.Group),
        _ => throw new ArgumentOutOfRangeException(nameof(order)),
    };

    private static bool AllActive(ReadOnlySpan<VrrpState> members)
    {
        foreach (ref readonly VrrpState member in members)
        {
            if (member.Role != Role.Active)
            {
                return false;
            }
        }

        return true;
    }
}
