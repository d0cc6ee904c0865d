namespace XdpLvs.Checks;

/// <summary>What one check has to say about its real server.</summary>
/// <param name="Check">The number that the check was started with.</param>
/// <param name="IsUp">Whether the server may serve, as far as this check knows.</param>
/// <param name="IsChange">Whether that, or the weight, is new. If not, only the log is interested.</param>
/// <param name="News">What happened.</param>
/// <param name="Retries">For <see cref="CheckNews.Failed"/>: how many further tries failed after the first.</param>
/// <param name="Result">The result of the last try.</param>
public readonly record struct Verdict(
    int Check, bool IsUp, bool IsChange, CheckNews News, int Retries, ProbeResult Result)
{
    /// <summary>What the check says about the weight.</summary>
    public WeightAdvice Weight { get; init; }
}
