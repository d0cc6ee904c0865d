using XdpLvs.Checks;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>What an operator configured for one real server of one service.</summary>
/// <param name="Address">Of its service's family.</param>
/// <param name="Port">The service's port: LVS-DR changes none.</param>
/// <param name="Weight">0 takes no new connection.</param>
/// <param name="InhibitOnFailure">A failed server stays in the table with weight 0.</param>
/// <param name="Checks">How many checks must all be passed.</param>
/// <param name="StartsDown">Out of service until its first passed check (alpha).</param>
/// <param name="Barred">Why it can never serve as configured; null when it can.</param>
public sealed record RealServerSettings(
    IpAddress Address, ushort Port, int Weight, bool InhibitOnFailure, int Checks, bool StartsDown, string? Barred)
{
    /// <summary>Seconds over which a server that came back takes up its whole weight; 0 is at once.</summary>
    public int SlowStartSeconds { get; init; }

    /// <summary>Connections from which on it takes no new ones; 0 means any number.</summary>
    public int Upper { get; init; }

    /// <summary>Connections below which it takes new ones again; 0: three quarters of <see cref="Upper"/>.</summary>
    public int Lower { get; init; }
}

/// <summary>How the director reaches a real server.</summary>
/// <param name="Interface">Name of the interface; null for one on the director itself.</param>
/// <param name="Mtu">Of that interface.</param>
public sealed record RealServerPath(string? Interface, int Mtu);

/// <summary>How frames leave for a real server.</summary>
/// <param name="Exit">Number of the way out; 0: where they came in, negative: there is none.</param>
/// <param name="Source">Their source MAC; zero: that of the interface where they came in.</param>
/// <param name="Target">Their destination MAC; zero: the real server's own.</param>
public readonly record struct WayOut(int Exit, MacAddress Source, MacAddress Target)
{
    /// <summary>It cannot be reached.</summary>
    public static WayOut None { get; } = new(-1, default, default);
}

/// <summary>One real server of one service, as the keeper knows it. Owned by the director loop.</summary>
internal sealed class RealServerEntry
{
    private readonly CheckReport[] _reports;

    internal RealServerEntry(RealServerSettings settings, ushort number, byte protocol)
    {
        Settings = settings;
        Number = number;
        Name = AddressText.Service(settings.Address, protocol, settings.Port);
        _reports = new CheckReport[settings.Checks];
        System.Array.Fill(_reports, new CheckReport(!settings.StartsDown, WeightAdvice.None));
        Health = RealServerHealth.Of(settings.Weight, _reports);
        IsTold = Health.IsUp;
        Barred = settings.Barred;
        LastWeight = settings.Weight;
    }

    internal RealServerSettings Settings { get; }

    /// <summary>Its number in every forwarding table.</summary>
    internal ushort Number { get; }

    /// <summary>"[192.168.5.103]:tcp:80".</summary>
    internal string Name { get; }

    /// <summary>Last known MAC; default while it was never resolved.</summary>
    internal MacAddress Mac { get; set; }

    /// <summary>How it is reached; null while that is not known.</summary>
    internal RealServerPath? Path { get; set; }

    /// <summary>When its slow start began, in ticks of the flow clock; null when it has its whole weight.</summary>
    internal uint? RampBegan { get; set; }

    /// <summary>Whether it served when the service was last listed anew.</summary>
    internal bool WasServing { get; set; }

    /// <summary>The last weight above 0: mh's buckets stay with a server that is being drained.</summary>
    internal int LastWeight { get; private set; }

    /// <summary>Why it cannot serve at present, whatever its checks say: no route, no check understood.</summary>
    internal string? Barred { get; set; }

    /// <summary>What its checks say together.</summary>
    internal RealServerHealth Health { get; private set; }

    /// <summary>
    /// Somebody was told how it is, or need not be: it is as was assumed. Not yet so with alpha, before a verdict.
    /// </summary>
    internal bool IsTold { get; set; }

    /// <summary>All checks passed, or there is none (and it is not waiting for a first success).</summary>
    internal bool IsHealthy => Health.IsUp;

    /// <summary>Whether it belongs into the table at all.</summary>
    internal bool IsListed => Barred is null && (IsHealthy || Settings.InhibitOnFailure);

    /// <summary>The weight that listings show.</summary>
    internal int WeightNow => IsHealthy ? Health.Weight : 0;

    /// <summary>Remembers a weight unless it is 0, and tells the last that was not.</summary>
    internal int NoteWeight(int weight) => LastWeight = weight > 0 ? weight : LastWeight;

    internal void SetCheck(int check, CheckReport report)
    {
        _reports[check] = report;
        Health = RealServerHealth.Of(Settings.Weight, _reports);
    }
}
