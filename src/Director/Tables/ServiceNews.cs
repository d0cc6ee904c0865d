namespace XdpLvs.Director.Tables;

/// <summary>When something became known of a service.</summary>
public enum NewsOccasion
{
    /// <summary>The daemon has just started: what is assumed, before any check.</summary>
    Start,

    /// <summary>A check or a quorum changed it.</summary>
    Change,

    /// <summary>The daemon ends.</summary>
    Stop,
}

/// <summary>A virtual server has or has not its quorum, or a real server is up or down.</summary>
/// <param name="Service">Index in the settings.</param>
/// <param name="Real">Index in the service's settings; null: it is about the virtual server.</param>
/// <param name="IsUp">Up, or with its quorum.</param>
/// <param name="Occasion">When it became known.</param>
/// <param name="Weight">What the virtual server's healthy servers weigh together.</param>
public readonly record struct ServiceNews(int Service, int? Real, bool IsUp, NewsOccasion Occasion, int Weight);

/// <summary>What a verdict did to its real server.</summary>
/// <param name="WasUp">Before.</param>
/// <param name="IsUp">Now.</param>
public readonly record struct HealthChange(bool WasUp, bool IsUp);
