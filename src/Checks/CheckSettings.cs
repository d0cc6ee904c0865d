using System;

namespace XdpLvs.Checks;

/// <summary>How one check of one real server behaves. Values are keepalived's keywords and defaults.</summary>
public sealed record CheckSettings
{
    /// <summary>Time between checks (delay_loop).</summary>
    public TimeSpan DelayLoop { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Further tries after a failure before the server counts as down (retry). keepalived's default is 3 for DNS_CHECK
    /// and 0 for MISC_CHECK.
    /// </summary>
    public int Retry { get; init; } = 1;

    /// <summary>
    /// Time between those tries (delay_before_retry). keepalived's default is 3 s for HTTP_GET and SSL_GET, and
    /// delay_loop for DNS_CHECK.
    /// </summary>
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
    /// Whether a server that failed must pass what it failed, and then everything once without a failure, before it is
    /// up again: keepalived's rule for HTTP_GET and SSL_GET. Otherwise one success is enough.
    /// </summary>
    public bool CleanRound { get; init; }

    /// <summary>
    /// Whether the pages of a first round, and of a round that may end an outage, follow each other without a wait
    /// (fast_recovery).
    /// </summary>
    public bool FastRecovery { get; init; }

    /// <summary>
    /// Whether the time between checks counts from the beginning of the last one: keepalived's rule for MISC_CHECK.
    /// </summary>
    public bool CountsFromBeginning { get; init; }

    /// <summary>
    /// When a probe that does not come back counts as failed. A probe's own timeout should be shorter.
    /// </summary>
    public TimeSpan ProbeTimeLimit { get; init; } = TimeSpan.FromSeconds(60);
}
