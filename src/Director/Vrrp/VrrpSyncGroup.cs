using System;
using System.Collections.Generic;
using System.Threading.Channels;
using XdpLvs.Director.Logging;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>Instances that move together. Owned by the VRRP thread.</summary>
internal sealed class VrrpSyncGroup(string name, EventLog log, ChannelWriter<VrrpNotice> notices)
{
    private const int OrdersMax = 3; // in a row: see SyncGroup

    private readonly List<VrrpRouter> _members = [];
    private VrrpState[] _states = [];

    /// <summary>What the group is as a whole.</summary>
    internal Role Role { get; private set; }

    /// <summary>One more.</summary>
    internal void Add(VrrpRouter member)
    {
        _members.Add(member);
        _states = new VrrpState[_members.Count];
    }

    /// <summary>Lets the group decide, after its members did what they did.</summary>
    internal void Settle(Instant now)
    {
        for (int i = 0; i <= OrdersMax; i++)
        {
            (Role role, GroupOrder order) = Decide();
            Become(role);
            if (order == GroupOrder.None)
            {
                return;
            }

            VrrpEvent happened = SyncGroup.EventOf(order);
            foreach (VrrpRouter member in _members)
            {
                member.Take(happened, now);
            }
        }
    }

    private (Role Role, GroupOrder Order) Decide()
    {
        for (int i = 0; i < _states.Length; i++)
        {
            _states[i] = _members[i].State;
        }

        return SyncGroup.Decide(_states.AsSpan());
    }

    private void Become(Role role)
    {
        if (role == Role)
        {
            return;
        }

        notices.TryWrite(new VrrpNotice(name, IsGroup: true, new Notice(Role, role, Reason.None, default)));
        if (role != Role.Initialize)
        {
            log.Event($"VRRP_Group({name}) Syncing instances to {VrrpLog.Name(role)} state");
        }

        Role = role;
    }
}
