using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>One <c>SMTP_CHECK</c>.</summary>
/// <param name="Hosts">Whereto, at least one: the <c>host</c> blocks, or the check's own target.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record SmtpCheck(ImmutableArray<CheckTarget> Hosts, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "SMTP_CHECK";

    /// <summary>The name behind HELO; null: the global one.</summary>
    public string? HeloName { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
