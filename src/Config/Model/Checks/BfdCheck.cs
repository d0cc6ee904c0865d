namespace XdpLvs.Config;

/// <summary>One <c>BFD_CHECK</c>.</summary>
/// <param name="Instance">The <see cref="BfdInstance"/>; it exists.</param>
/// <param name="Timing">As of any check; only <see cref="CheckTiming.Alpha"/> has a meaning.</param>
/// <param name="Span">Its keyword.</param>
public sealed record BfdCheck(string Instance, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "BFD_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
