using System;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Lists <c>virtual_server</c> and <c>real_server</c>.</summary>
internal static class ServiceListing
{
    public static ListedBlock Of(VirtualServer one)
    {
        string group = one.Group is null ? "" : $" (group {one.Group})";
        var list = new ListingBuilder(
            "virtual_server",
            FormattableString.Invariant($"{one.Address} {one.Port}{group}"),
            one.Span,
            one.Origins);
        bool usesPort = one.SchedulerSwitches.HasFlag(SchedulerSwitches.UsePort);
        bool fallsBack = one.SchedulerSwitches.HasFlag(SchedulerSwitches.Fallback);
        return list
            .Add("protocol", one.Protocol.ToString().ToUpperInvariant())
            .Add("lb_algo", SchedulingRules.NameOf(one.Scheduler), "lvs_sched")
            .Add("sh-port", one.Scheduler == SchedulerKind.SourceHashing ? usesPort : null, "flag-2")
            .Add("sh-fallback", one.Scheduler == SchedulerKind.SourceHashing ? fallsBack : null, "flag-1")
            .Add("mh-port", one.Scheduler == SchedulerKind.Maglev ? usesPort : null, "flag-2")
            .Add("mh-fallback", one.Scheduler == SchedulerKind.Maglev ? fallsBack : null, "flag-1")
            .Add("lb_kind", "DR", "lvs_method")
            .Add("ops", one.OnePacket)
            .Add("persistence_timeout", one.PersistenceTimeout, "persistence_granularity")
            .Add("persistence_granularity", one.PersistenceTimeout is null ? null : one.PersistenceMask)
            .Add("quorum", one.Quorum)
            .Add("hysteresis", one.Hysteresis)
            .Add("quorum_up", one.QuorumUp)
            .Add("quorum_down", one.QuorumDown)
            .Add("omega", one.Omega)
            .Add("ha_suspend", one.HaSuspend)
            .Add("smtp_alert", one.SmtpAlert)
            .Add("virtualhost", one.VirtualHost)
            .Add("sorry_server", one.SorryServer is { } sorry
                ? FormattableString.Invariant($"{sorry.Address} {sorry.Port}")
                : null)
            .Add("sorry_server_inhibit", one.SorryServer?.Inhibit)
            .Skip([.. TimingRules.Keywords, "weight", "inhibit_on_failure", "drain", "real_server", "ip_family"])
            .Skip("flag-3", "sorry_server_lvs_method")
            .AddBlocks(one.RealServers.Select(Of))
            .Build();
    }

    private static ListedBlock Of(RealServer one)
    {
        string state = one.CheckNotUnderstood ? " (out of service)" : "";
        string name = FormattableString.Invariant($"{one.Address} {one.Port}{state}");
        return new ListingBuilder("real_server", name, one.Span, one.Origins)
            .Add("weight", one.Weight)
            .Add("inhibit_on_failure", one.InhibitOnFailure)
            .Add("uthreshold", one.UpperThreshold)
            .Add("lthreshold", one.LowerThreshold)
            .Add("slow_start", one.SlowStart)
            .Add("drain", one.Drain)
            .Add("alpha", one.Alpha)
            .Add("notify_up", one.NotifyUp)
            .Add("notify_down", one.NotifyDown)
            .Add("smtp_alert", one.SmtpAlert)
            .Add("virtualhost", one.VirtualHost)
            .Skip([.. TimingRules.Keywords, .. KeywordCatalog.Checkers, "lvs_method"])
            .AddBlocks(one.Checks.Select(CheckListing.Of))
            .Build();
    }
}
