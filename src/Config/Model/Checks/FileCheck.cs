namespace XdpLvs.Config;

/// <summary>One <c>FILE_CHECK</c>.</summary>
/// <param name="TrackFile">The <see cref="Config.TrackFile"/> whose number counts; it exists.</param>
/// <param name="Timing">As of any check; only <see cref="CheckTiming.Alpha"/> has a meaning.</param>
/// <param name="Span">Its keyword.</param>
public sealed record FileCheck(string TrackFile, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "FILE_CHECK";

    /// <summary>What the number is multiplied with; the file's own unless written.</summary>
    public int Weight { get; init; }

    /// <summary>Whether it counts the other way round.</summary>
    public bool Reverse { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
