using System;

namespace XdpLvs.Config;

/// <summary>Lists what can be tracked.</summary>
internal static class TrackListing
{
    public static ListedBlock Of(TrackScript one) =>
        new ListingBuilder("vrrp_script", one.Name, one.Span, one.Origins)
            .Add("script", one.Command, "user")
            .Add("interval", one.Interval)
            .Add("timeout", one.Timeout, "interval")
            .Add("weight", ConfigListing.Weight(one.Weight, one.Reverse))
            .Add("rise", one.Rise)
            .Add("fall", one.Fall)
            .Add("init_fail", one.InitFail)
            .Build();

    public static ListedBlock Of(TrackFile one) =>
        new ListingBuilder("track_file", one.Name, one.Span, one.Origins)
            .Add("file", one.Path)
            .Add("weight", ConfigListing.Weight(one.Weight, one.Reverse))
            .Add("init_file", one.InitialValue is { } value
                ? FormattableString.Invariant($"{value}{(one.Overwrite ? " overwrite" : "")}")
                : null)
            .Build();

    public static ListedBlock Of(TrackProcess one) =>
        new ListingBuilder("vrrp_track_process", one.Name, one.Span, one.Origins)
            .Add("process", string.Join(' ', one.Command))
            .Add("param_match", one.Match switch
            {
                ParameterMatch.Exact => "exact",
                ParameterMatch.Partial => "partial",
                ParameterMatch.Initial => "initial",
                _ => null,
            })
            .Add("weight", ConfigListing.Weight(one.Weight, one.Reverse))
            .Add("quorum", one.Quorum)
            .Add("quorum_max", one.QuorumMax)
            .Add("terminate_delay", one.TerminateDelay, "delay")
            .Add("fork_delay", one.ForkDelay, "delay")
            .Add("full_command", one.FullCommand)
            .Build();

    public static ListedBlock Of(BfdInstance one) =>
        new ListingBuilder("bfd_instance", one.Name, one.Span, one.Origins)
            .Add("neighbor_ip", one.Neighbor, "neighbour_ip")
            .Add("source_ip", one.Source)
            .Add("min_rx", Milliseconds(one.MinReceive))
            .Add("min_tx", Milliseconds(one.MinTransmit))
            .Add("idle_tx", Milliseconds(one.IdleTransmit))
            .Add("multiplier", one.Multiplier)
            .Add("passive", one.Passive)
            .Add("ttl", one.Ttl, "hoplimit")
            .Add("max_hops", one.MaxHops)
            .Add("multihop", one.Multihop)
            .Add("weight", ConfigListing.Weight(one.Weight, one.Reverse))
            .Add("vrrp", one.ForVrrp)
            .Add("checker", one.ForChecks)
            .Build();

    private static string Milliseconds(TimeSpan time) =>
        FormattableString.Invariant($"{time.TotalMilliseconds:0.####}");
}
