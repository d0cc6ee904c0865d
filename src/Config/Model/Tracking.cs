using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>What kind of thing is tracked.</summary>
public enum TrackKind
{
    /// <summary>A network interface.</summary>
    Interface,

    /// <summary>A <see cref="TrackScript"/>.</summary>
    Script,

    /// <summary>A <see cref="TrackFile"/>.</summary>
    File,

    /// <summary>A <see cref="TrackProcess"/>.</summary>
    Process,

    /// <summary>A <see cref="BfdInstance"/>.</summary>
    Bfd,
}

/// <summary>One line of a <c>track_…</c> block. What it names exists, wherever in the file that is defined.</summary>
/// <param name="Kind">What is tracked.</param>
/// <param name="Name">Its name.</param>
/// <param name="Weight">-253 to 253, of files and processes -254 to 254. 0: a failure is a fault.</param>
/// <param name="Reverse">Whether the weight counts the other way round.</param>
/// <param name="Span">Its line.</param>
public sealed record Track(TrackKind Kind, string Name, int Weight, bool Reverse, SourceSpan Span);

/// <summary>One <c>vrrp_script</c>.</summary>
public sealed record TrackScript
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>What is run; exit status 0 is success.</summary>
    public ScriptCommand Command { get; init; } = new([], null, null);

    /// <summary>Time between runs, 1 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a run may take; the interval unless written.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>The default of <see cref="Track.Weight"/>, 0.</summary>
    public int Weight { get; init; }

    /// <summary>The default of <see cref="Track.Reverse"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>Successes in a row after which it counts as up, 1.</summary>
    public int Rise { get; init; } = 1;

    /// <summary>Failures in a row after which it counts as down, 1.</summary>
    public int Fall { get; init; } = 1;

    /// <summary>Whether it counts as failed before its first run.</summary>
    public bool InitFail { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }
}

/// <summary>One <c>track_file</c>: a file with a number in it.</summary>
public sealed record TrackFile
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The path.</summary>
    public string Path { get; init; } = "";

    /// <summary>What the number is multiplied with, 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The default of <see cref="Track.Reverse"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>The number that is written at start if the file is not there; null: nothing is written.</summary>
    public int? InitialValue { get; init; }

    /// <summary>Whether that number replaces one that is there.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }
}

/// <summary>How the arguments of a process must match those written.</summary>
public enum ParameterMatch
{
    /// <summary>They are not looked at.</summary>
    None,

    /// <summary><c>exact</c>: the same.</summary>
    Exact,

    /// <summary><c>partial</c>: all of the written ones, the last may be a beginning.</summary>
    Partial,

    /// <summary><c>initial</c>: they begin with the written ones.</summary>
    Initial,
}

/// <summary>One <c>vrrp_track_process</c>.</summary>
public sealed record TrackProcess
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its arguments.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>How the arguments must match.</summary>
    public ParameterMatch Match { get; init; }

    /// <summary>The default of <see cref="Track.Weight"/>, 0.</summary>
    public int Weight { get; init; }

    /// <summary>The default of <see cref="Track.Reverse"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>How many must run, 1.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>How many may run; null: any number.</summary>
    public int? QuorumMax { get; init; }

    /// <summary>How long after the quorum was lost that counts.</summary>
    public TimeSpan TerminateDelay { get; init; }

    /// <summary>How long after the quorum was reached that counts.</summary>
    public TimeSpan ForkDelay { get; init; }

    /// <summary>Whether the whole command line is compared rather than the program's name.</summary>
    public bool FullCommand { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }
}

/// <summary>One <c>track_group</c>: instances that share the fate of static addresses, routes and rules.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Instances">The instances in it; all exist.</param>
/// <param name="Span">Its header.</param>
public sealed record TrackGroup(string Name, ImmutableArray<string> Instances, SourceSpan Span);
