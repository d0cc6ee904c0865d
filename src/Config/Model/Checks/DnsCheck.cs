namespace XdpLvs.Config;

/// <summary>One <c>DNS_CHECK</c>.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record DnsCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "DNS_CHECK";

    /// <summary>The type that is asked for, in capitals.</summary>
    public string Type { get; init; } = "SOA";

    /// <summary>The name that is asked for.</summary>
    public string Name { get; init; } = ".";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
