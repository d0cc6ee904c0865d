namespace XdpLvs.Director.Tracking;

/// <summary>Kinds of things that an instance can track.</summary>
internal enum TrackerKind
{
    /// <summary>vrrp_script.</summary>
    Script,

    /// <summary>track_file.</summary>
    File,

    /// <summary>vrrp_track_process.</summary>
    Process,

    /// <summary>A network interface.</summary>
    Interface,

    /// <summary>bfd_instance.</summary>
    Bfd,
}

/// <summary>One tracked thing of this daemon, whoever tracks it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name in the configuration.</param>
internal readonly record struct TrackerId(TrackerKind Kind, string Name);

/// <summary>Kinds of <see cref="Reading"/>.</summary>
internal enum ReadingKind
{
    /// <summary>Not known yet.</summary>
    Unknown,

    /// <summary>Fine.</summary>
    Up,

    /// <summary>Not fine.</summary>
    Down,

    /// <summary>A number: a file's.</summary>
    Value,
}

/// <summary>What a tracked thing says now.</summary>
/// <param name="Kind">Whether it is up, down, a number or not known.</param>
/// <param name="Value">The number, -254 to 254, if it is one.</param>
internal readonly record struct Reading(ReadingKind Kind, int Value = 0)
{
    /// <summary>Not known yet.</summary>
    internal static readonly Reading Unknown = new(ReadingKind.Unknown);

    /// <summary>Up or down.</summary>
    internal static Reading Of(bool isUp) => new(isUp ? ReadingKind.Up : ReadingKind.Down);

    /// <summary>A number.</summary>
    internal static Reading Of(int value) => new(ReadingKind.Value, value);
}
