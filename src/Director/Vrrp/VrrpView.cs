using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Serialization;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>One instance as it is shown. The names are those of the JSON; times are UTC, ISO 8601.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">keepalived's word: MASTER, BACKUP, FAULT, STOP or INIT.</param>
/// <param name="Since">Since when.</param>
/// <param name="Interface">Where it speaks.</param>
/// <param name="Vrid">Virtual router identifier.</param>
/// <param name="Version">2 or 3.</param>
/// <param name="BasePriority">As configured.</param>
/// <param name="Priority">The effective one: what is sent and compared.</param>
/// <param name="SourceAddress">Whence its adverts come; null: it has none.</param>
/// <param name="Master">Who is master as far as it knows; null: nobody.</param>
/// <param name="MasterPriority">What that one said last; null: nobody is heard.</param>
/// <param name="Addresses">The virtual addresses, advertised or not.</param>
/// <param name="SyncGroup">Its group; null: none.</param>
/// <param name="Peers">Unicast peers.</param>
/// <param name="Faults">What keeps it from serving, one line each.</param>
/// <param name="Timers">Its timers.</param>
/// <param name="Counters">Under keepalived's names.</param>
/// <param name="Findings">In what its peers differ.</param>
/// <param name="Transitions">The last ones, the oldest first.</param>
internal sealed record VrrpView(
    string Name,
    string State,
    string Since,
    string Interface,
    int Vrid,
    int Version,
    int BasePriority,
    int Priority,
    string? SourceAddress,
    string? Master,
    int? MasterPriority,
    IReadOnlyList<string> Addresses,
    string? SyncGroup,
    IReadOnlyList<string> Peers,
    IReadOnlyList<string> Faults,
    TimersView Timers,
    IReadOnlyDictionary<string, long> Counters,
    IReadOnlyList<string> Findings,
    IReadOnlyList<TransitionView> Transitions)
{
    /// <summary>As it stands. VRRP thread only.</summary>
    /// <param name="router">The instance.</param>
    /// <param name="plan">What it was made from.</param>
    /// <param name="now">By the thread's clock.</param>
    /// <param name="utc">The same by the calendar.</param>
    internal static VrrpView Of(VrrpRouter router, InstancePlan plan, Instant now, DateTimeOffset utc)
    {
        VrrpState state = router.State;
        VrrpSettings self = router.Settings;
        bool isActive = state.Role is Role.Active;
        bool hearsMaster = state.Role is Role.Backup or Role.Fault && !state.Following.Until.HasCome(now);
        string? source = self.SourceAddress.IsUnspecified ? null : self.SourceAddress.ToString();
        IReadOnlyList<Transition> transitions = router.History.Last();
        Instant since = transitions.Count > 0 ? transitions[^1].At : now;
        return new VrrpView(
            self.Name,
            VrrpLog.Name(state.Role),
            Time(since, now, utc),
            plan.Interface,
            self.Vrid,
            self.Version,
            self.Priority,
            state.PriorityOf(self),
            source,
            isActive ? source : hearsMaster ? state.Following.Router.ToString() : null,
            isActive ? state.PriorityOf(self) : hearsMaster ? state.Following.Priority : null,
            [.. plan.Addresses.Select(each => $"{each.Address}/{each.PrefixLength} dev {each.Device}")],
            plan.SyncGroup,
            [.. self.Peers.Select(peer => peer.Address.ToString())],
            [.. FaultsOf(state.Faults, router)],
            TimersView.Of(state, self, now),
            router.Counters.ForJson().ToDictionary(each => each.Key, each => each.Value),
            router.Diagnosis.Tell(state.Role, now),
            [.. transitions.Select(each => TransitionView.Of(each, now, utc))]);
    }

    /// <summary>A moment of the thread's clock by the calendar.</summary>
    internal static string Time(Instant at, Instant now, DateTimeOffset utc) =>
        utc.AddMicroseconds(at.Microseconds - now.Microseconds)
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static IEnumerable<string> FaultsOf(FaultCauses faults, VrrpRouter router)
    {
        foreach (FaultCauses one in Enum.GetValues<FaultCauses>().Where(one => one != 0 && faults.HasFlag(one)))
        {
            yield return one switch
            {
                FaultCauses.Link => "an interface is down",
                FaultCauses.Addresses => "the interface has no address",
                FaultCauses.Group => "another member of the sync group failed",
                _ when router.Tracked.Faults.IsEmpty => $"{router.Tracked.Awaited} tracked not known yet",
                _ => $"tracked: {string.Join(", ", router.Tracked.Faults)}",
            };
        }
    }
}

/// <summary>The timers of an instance, all in milliseconds.</summary>
/// <param name="AdvertInterval">Between adverts, as configured.</param>
/// <param name="MasterInterval">Between the master's, as it says; the own one if none was heard.</param>
/// <param name="Skew">By how much priority delays a takeover.</param>
/// <param name="MasterDown">Silence after which a backup takes over.</param>
/// <param name="Next">Until the running timer fires: of a master, to the next advert; of a backup, to its takeover;
/// null: none runs.</param>
/// <param name="PreemptDelay">What is left of a preempt delay that has begun; null: none has.</param>
internal sealed record TimersView(
    double AdvertInterval, double MasterInterval, double Skew, double MasterDown, double? Next, double? PreemptDelay)
{
    internal static TimersView Of(in VrrpState state, VrrpSettings self, Instant now) => new(
        Milliseconds(self.IntervalMicroseconds),
        Milliseconds(state.IntervalOf(self)),
        Milliseconds(VrrpTimers.Skew(state, self)),
        Milliseconds(VrrpTimers.Down(state, self)),
        Left(state.Deadline, now),
        Left(state.PreemptAfter, now));

    private static double? Left(Instant deadline, Instant now) =>
        deadline == Instant.Never ? null : Milliseconds(deadline.MicrosecondsFrom(now));

    private static double Milliseconds(long microseconds) => microseconds / 1000.0;
}

/// <summary>A change of state as it is shown.</summary>
/// <param name="Time">When.</param>
/// <param name="From">What it was.</param>
/// <param name="To">What it became.</param>
/// <param name="Reason">Why, in one word.</param>
/// <param name="Priority">The effective priority.</param>
/// <param name="Sender">Whose advert caused it; null: none did.</param>
internal sealed record TransitionView(string Time, string From, string To, string Reason, int Priority, string? Sender)
{
    internal static TransitionView Of(Transition transition, Instant now, DateTimeOffset utc) => new(
        VrrpView.Time(transition.At, now, utc),
        VrrpLog.Name(transition.Notice.Before),
        VrrpLog.Name(transition.Notice.After),
        JsonName(transition.Notice.Reason),
        transition.Notice.Priority,
        transition.Notice.Cause.Sender.IsUnspecified ? null : transition.Notice.Cause.Sender.ToString());

    /// <summary>AdvertTimeout becomes advert_timeout.</summary>
    private static string JsonName(Reason reason) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}

/// <summary>All three as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<VrrpView>))]
internal sealed partial class VrrpJson : JsonSerializerContext;
