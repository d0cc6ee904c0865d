using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The flow tables in the words of the tests: keys instead of the tables' own form of them.</summary>
internal static class FlowTableWords
{
    internal static bool Remember(
        this FlowTables tables, in FlowKey key, bool template, FlowState state, ushort real, uint now, uint deadline) =>
        tables.Remember(Id(key, template), state, real, now, deadline).IsFound;

    internal static FlowHandle Find(this FlowTables tables, in FlowKey key, bool template, uint now) =>
        tables.Find(Id(key, template), now);

    internal static void Touch(this FlowTables tables, FlowHandle found, FlowState next, uint deadline) =>
        tables.Touch(Id(default, false), found, next, deadline);

    internal static FlowId Id(in FlowKey key, bool template) => template ? FlowId.OfTemplate(key) : FlowId.Of(key);
}
