using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>
/// The settings that a check takes from its own block, else from its real server, else from its virtual server.
/// </summary>
internal class TimingDraft : BlockDraft
{
    public TimeSpan? ConnectTimeout { get; set; }

    public int? Retry { get; set; }

    public TimeSpan? DelayBeforeRetry { get; set; }

    public TimeSpan? DelayLoop { get; set; }

    public TimeSpan? Warmup { get; set; }

    public bool? Alpha { get; set; }

    public string? VirtualHost { get; set; }

    /// <summary>Fills what is not written here with what is written around it.</summary>
    public void InheritFrom(TimingDraft outer)
    {
        ConnectTimeout ??= outer.ConnectTimeout;
        Retry ??= outer.Retry;
        DelayBeforeRetry ??= outer.DelayBeforeRetry;
        DelayLoop ??= outer.DelayLoop;
        Warmup ??= outer.Warmup;
        Alpha ??= outer.Alpha;
        VirtualHost ??= outer.VirtualHost;
        InheritOrigins(outer, TimingRules.Keywords);
    }
}

/// <summary>The rules of the keywords in <see cref="TimingDraft"/>, which three kinds of block share.</summary>
internal static class TimingRules
{
    /// <summary>The keywords that are inherited.</summary>
    public static ImmutableArray<string> Keywords { get; } =
        ["connect_timeout", "delay_before_retry", "delay_loop", "warmup", "retry", "alpha", "virtualhost"];

    /// <summary>The rules that all have in common, and a block's own.</summary>
    public static Rule<TDraft>[] With<TDraft>(params Rule<TDraft>[] own)
        where TDraft : TimingDraft =>
    [
        .. own,
        TimerOrZero<TDraft>("delay_before_retry", (draft, time) => draft.DelayBeforeRetry = time),
        Timer<TDraft>("delay_loop", (draft, time) => draft.DelayLoop = time),
        TimerOrZero<TDraft>("warmup", (draft, time) => draft.Warmup = time),
        new("retry", false, Retry),
        new("alpha", false, (draft, statement, report) => draft.Alpha = report.Switch(statement)),
    ];

    /// <summary>The rule of <c>connect_timeout</c> alone.</summary>
    public static Rule<TDraft> ConnectTimeout<TDraft>()
        where TDraft : TimingDraft =>
        Timer<TDraft>("connect_timeout", (draft, time) => draft.ConnectTimeout = time);

    /// <summary>The rule of <c>virtualhost</c>, for what HTTP checks are in.</summary>
    public static Rule<TDraft> VirtualHost<TDraft>()
        where TDraft : TimingDraft =>
        new("virtualhost", false, (draft, statement, report) => draft.VirtualHost =
            report.TryWord(statement, "a host name", out Word name) ? name.Text : draft.VirtualHost);

    /// <summary>keepalived's own checks differ in whether they know this word; here it means one thing.</summary>
    public static void OldRetry(TimingDraft draft, Statement statement, Reporter report)
    {
        report.Notice(
            statement.Words[0],
            "'nb_get_retry' is taken as 'retry', its newer name; keepalived ignores it in TCP_CHECK");
        Retry(draft, statement, report);
    }

    private static void Retry(TimingDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 0, int.MaxValue, out int retry))
        {
            draft.Retry = retry;
        }
    }

    private static Rule<TDraft> Timer<TDraft>(string keyword, Action<TDraft, TimeSpan> set) =>
        new(keyword, false, (draft, statement, report) =>
        {
            if (report.TryTimer(statement, out TimeSpan time))
            {
                set(draft, time);
            }
        });

    private static Rule<TDraft> TimerOrZero<TDraft>(string keyword, Action<TDraft, TimeSpan> set) =>
        new(keyword, false, (draft, statement, report) =>
        {
            if (report.TryTimerOrZero(statement, out TimeSpan time))
            {
                set(draft, time);
            }
        });
}
