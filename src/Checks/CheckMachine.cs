using System;

namespace XdpLvs.Checks;

/// <summary>What one check knows of its real server.</summary>
/// <param name="IsUp">The verdict in force.</param>
/// <param name="HasRun">Whether a check has come to a verdict at all; before that, it is an assumption.</param>
/// <param name="FailedTries">Failures in a row that have not changed the verdict yet.</param>
public readonly record struct CheckState(bool IsUp, bool HasRun, int FailedTries)
{
    /// <summary>Which of its probes comes next, from 0.</summary>
    public int Turn { get; init; }

    /// <summary>The probe at <see cref="Turn"/> failed last: it must pass before a new round begins.</summary>
    public bool HasFailedTurn { get; init; }

    /// <summary>What it last said about the weight.</summary>
    public WeightAdvice Weight { get; init; }
}

/// <summary>What one result means to somebody outside.</summary>
public enum CheckNews
{
    /// <summary>Nothing: more of the same.</summary>
    None,

    /// <summary>The server is up: it came up, or was assumed to be and this was the first check.</summary>
    Succeeded,

    /// <summary>The server is down: it went down, or was assumed to be up and this was the first check.</summary>
    Failed,

    /// <summary>A try failed, but it takes more of them.</summary>
    FailedTry,

    /// <summary>A probe of a server that is down passed, but it takes more of them.</summary>
    PassedTurn,
}

/// <summary>What follows from one result.</summary>
/// <param name="Next">The state to keep.</param>
/// <param name="UntilNext">When to check again, counted from the end of this check.</param>
/// <param name="News">What to tell.</param>
/// <param name="Retries">For <see cref="CheckNews.Failed"/>: how many further tries failed after the first.</param>
/// <param name="VerdictChanged">Whether the real server must enter or leave service, or change its weight.</param>
public readonly record struct CheckStep(
    CheckState Next, TimeSpan UntilNext, CheckNews News, int Retries, bool VerdictChanged);

/// <summary>Turns single results, which flap, into verdicts, which do not: keepalived's rules.</summary>
/// <remarks>
/// Without alpha a server is in service before anybody looked, so the very first check that fails removes it at once,
/// whatever the retries. Later it takes 1 + retry failures in a row. One success is enough to come back, unless
/// <see cref="CheckSettings.CleanRound"/>. A check with several probes (the pages of an HTTP_GET) asks one at a time,
/// and a round counts as one success; a probe that failed is asked again until it passes.
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
    /// <param name="state">What was known.</param>
    /// <param name="succeeded">Whether the probe whose turn it was passed.</param>
    /// <param name="settings">Of the check.</param>
    /// <param name="turns">How many probes the check has, at least 1.</param>
    /// <param name="weight">What the probe says about the weight; counts if it passed.</param>
    public static CheckStep Step(
        CheckState state, bool succeeded, CheckSettings settings, int turns = 1, WeightAdvice weight = default) =>
        succeeded ? Pass(state, settings, turns, weight) : Fail(state, settings);

    private static CheckStep Pass(CheckState state, CheckSettings settings, int turns, WeightAdvice weight)
    {
        bool isSettled = state is { IsUp: true, HasRun: true };
        if (!state.HasFailedTurn && state.Turn + 1 >= turns)
        {
            CheckNews news = isSettled ? CheckNews.None : CheckNews.Succeeded;
            return Decide(state, new CheckState(IsUp: true, HasRun: true, 0) { Weight = weight }, news, 0, settings);
        }

        CheckState next = state with
        {
            Turn = state.HasFailedTurn ? 0 : state.Turn + 1,
            HasFailedTurn = false,
            FailedTries = 0,
        };
        return new CheckStep(
            next,
            settings.FastRecovery && !isSettled ? TimeSpan.Zero : settings.DelayLoop,
            state.IsUp ? CheckNews.None : CheckNews.PassedTurn,
            0,
            VerdictChanged: false);
    }

    private static CheckStep Fail(CheckState state, CheckSettings settings)
    {
        var down = new CheckState(IsUp: false, HasRun: true, 0)
        {
            Turn = state.Turn,
            HasFailedTurn = settings.CleanRound,
        };
        return state switch
        {
            { HasRun: false } => Decide(state, down, CheckNews.Failed, 0, settings),
            { IsUp: false } => Decide(state, down, CheckNews.None, 0, settings),
            _ when state.FailedTries < settings.Retry => new CheckStep(
                state with { FailedTries = state.FailedTries + 1 },
                settings.DelayBeforeRetry,
                CheckNews.FailedTry,
                0,
                VerdictChanged: false),
            _ => Decide(state, down, CheckNews.Failed, state.FailedTries, settings),
        };
    }

    private static CheckStep Decide(
        CheckState before, CheckState after, CheckNews news, int retries, CheckSettings settings) => new(
            after,
            settings.DelayLoop,
            news,
            retries,
            VerdictChanged: after.IsUp != before.IsUp || after.Weight != before.Weight);
}
