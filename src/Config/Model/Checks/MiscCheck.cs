using System;

namespace XdpLvs.Config;

/// <summary>One <c>MISC_CHECK</c>.</summary>
/// <param name="Command">What is run.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record MiscCheck(ScriptCommand Command, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "MISC_CHECK";

    /// <summary>How long a run may take; <c>delay_loop</c> unless written.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Whether exit status 2 to 255 sets the weight to that less 2.</summary>
    public bool Dynamic { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
