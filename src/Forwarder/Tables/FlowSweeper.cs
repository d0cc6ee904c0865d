using System.Collections.Generic;

namespace XdpLvs.Forwarder.Tables;

/// <summary>Takes away what has ended, so that the counts are right and the room is free. One thread owns it.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_conn_expire: a template that still controls a connection does not end,
/// it is given another 60 s.
/// </remarks>
public sealed class FlowSweeper(FlowTables flows)
{
    /// <summary>
    /// A flow is dead at its deadline; it is swept a second later, when no frame can be deciding on it.
    /// </summary>
    private const uint Grace = FlowClock.TicksPerSecond;

    private static readonly uint AnotherTime = FlowClock.Ticks(60);

    private readonly Dictionary<FlowId, FlowHandle> _ended = [];

    /// <summary>Goes once through both tables.</summary>
    /// <param name="tables">All tables in use: they say which connections belong to which template.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <returns>How many were taken away.</returns>
    public int Sweep(IReadOnlyCollection<ForwardingTable> tables, uint now)
    {
        int swept = 0;
        _ended.Clear();
        flows.Visit(0, flows.Slots, (in id, handle, deadline) =>
        {
            if (FlowWord.IsTemplate(handle.Word) && deadline <= now)
            {
                _ended.TryAdd(id, handle);
            }
            else if (deadline + Grace <= now)
            {
                swept += flows.Forget(id, handle) ? 1 : 0;
            }
        });
        if (_ended.Count > 0)
        {
            KeepControlling(tables, now);
            foreach ((FlowId id, FlowHandle handle) in _ended)
            {
                swept += flows.Forget(id, handle) ? 1 : 0;
            }
        }

        if (swept > 0)
        {
            flows.Rest();
        }

        return swept;
    }

    /// <summary>
    /// Gives another time to the templates that a living connection came by, and takes them off the list.
    /// </summary>
    private void KeepControlling(IReadOnlyCollection<ForwardingTable> tables, uint now) =>
        flows.Visit(0, flows.Slots, (in id, handle, deadline) =>
        {
            if (FlowWord.IsTemplate(handle.Word) || deadline <= now)
            {
                return;
            }

            FlowKey key = id.ToKey();
            foreach (ForwardingTable table in tables)
            {
                if (table.TryFindService(key.Service, out VirtualService service) && service.IsPersistent)
                {
                    FlowId template = FlowId.OfTemplate(service.TemplateOf(key));
                    if (_ended.Remove(template, out FlowHandle held))
                    {
                        flows.Touch(template, held, held.State, now + AnotherTime);
                    }
                }
            }
        });
}
