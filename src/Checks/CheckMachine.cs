using System;

namespace XdpLvs.Checks;

/// <summary>How one check of one real server behaves. Values are keepalived's keywords and defaults.</summary>
public sealed record CheckSettings
{
    /// <summary>Time between checks (delay_loop).</summary>
    public TimeSpan DelayLoop { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Further tries after a failure before the server counts as down (retry).</summary>
    public int Retry { get; init; } = 1;

    /// <summary>Time between those tries (delay_before_retry).</summary>
    public TimeSpan DelayBeforeRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The first check comes at a random moment within this time (warmup); null stands for delay_loop.
    /// </summary>
    public TimeSpan? Warmup { get; init; }

    /// <summary>Time before the warm-up begins. keepalived waits a second.</summary>
    public TimeSpan StartupDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the server counts as down until a check has succeeded (alpha).</summary>
    public bool Alpha { get; init; }

    /// <summary>Whether tries that change nothing are told too (log_all_failures).</summary>
    public bool LogAllFailures { get; init; }

    /// <summary>
    /// When a probe that does not come back counts as failed. A probe's own timeout should be shorter.
    /// </summary>
    public TimeSpan ProbeTimeLimit { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>What one check knows of its real server.</summary>
/// <param name="IsUp">The verdict in force.</param>
/// <param name="HasRun">Whether a check has come back at all; before that, the verdict is an assumption.</param>
/// <param name="FailedTries">Failures in a row that have not changed the verdict yet.</param>
public readonly record struct CheckState(bool IsUp, bool HasRun, int FailedTries);

/// <summary>What one result means to somebody outside.</summary>
public enum CheckNews
{
    /// <summary>Nothing: more of the same.</summary>
    None,

    /// <summary>The server is up: it came up, or was assumed to be and this was the first check.</summary>
    Succeeded,

    /// <summary>The server is down: it went down, or was assumed to be and this was the first check.</summary>
    Failed,

    /// <summary>A try failed, but it takes more of them.</summary>
    FailedTry,
}

/// <summary>What follows from one result.</summary>
/// <param name="Next">The state to keep.</param>
/// <param name="UntilNext">When to check again, counted from the end of this check.</param>
/// <param name="News">What to tell.</param>
/// <param name="Retries">For <see cref="CheckNews.Failed"/>: how many further tries failed after the first.</param>
/// <param name="VerdictChanged">Whether the real server must enter or leave service.</param>
public readonly record struct CheckStep(
    CheckState Next, TimeSpan UntilNext, CheckNews News, int Retries, bool VerdictChanged);

/// <summary>Turns single results, which flap, into verdicts, which do not: keepalived's rule for TCP_CHECK.</summary>
/// <remarks>
/// Without alpha a server is in service before anybody looked, so the very first check that fails removes it at once,
/// whatever the retries. Later it takes 1 + retry failures in a row. One success is always enough to come back.
/// </remarks>
public static class CheckMachine
{
    /// <summary>Before the first check.</summary>
    public static CheckState Start(CheckSettings settings) => new(IsUp: !settings.Alpha, HasRun: false, 0);

    /// <summary>When to check for the first time: not all servers at the same moment.</summary>
    public static TimeSpan FirstDelay(CheckSettings settings, Random random)
    {
        TimeSpan warmup = settings.Warmup ?? settings.DelayLoop;
        return settings.StartupDelay + TimeSpan.FromTicks(random.NextInt64(warmup.Ticks + 1));
    }

    /// <summary>One result in, what is known and what to do out.</summary>
    public static CheckStep Step(CheckState state, bool succeeded, CheckSettings settings)
    {
        if (succeeded)
        {
            CheckNews news = state is { IsUp: true, HasRun: true } ? CheckNews.None : CheckNews.Succeeded;
            return Decide(state, isUp: true, news, 0, settings);
        }

        return state switch
        {
            { HasRun: false } => Decide(state, isUp: false, CheckNews.Failed, 0, settings),
            { IsUp: false } => Decide(state, isUp: false, CheckNews.None, 0, settings),
            _ when state.FailedTries < settings.Retry => new CheckStep(
                state with { FailedTries = state.FailedTries + 1 },
                settings.DelayBeforeRetry,
                CheckNews.FailedTry,
                0,
                VerdictChanged: false),
            _ => Decide(state, isUp: false, CheckNews.Failed, state.FailedTries, settings),
        };
    }

    private static CheckStep Decide(
        CheckState before, bool isUp, CheckNews news, int retries, CheckSettings settings) =>
        new(new CheckState(isUp, HasRun: true, 0), settings.DelayLoop, news, retries, isUp != before.IsUp);
}
