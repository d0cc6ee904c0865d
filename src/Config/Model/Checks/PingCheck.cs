namespace XdpLvs.Config;

/// <summary>One <c>PING_CHECK</c>.</summary>
/// <param name="Target">Whereto; the port is 0.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record PingCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "PING_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
