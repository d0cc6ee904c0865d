using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Everything that can be tracked or named elsewhere, wherever in the file it is defined.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<(TrackKind Kind, string Name), (int Weight, bool Reverse)> _tracked = [];

    /// <summary>Names of <c>track_group</c>s.</summary>
    public HashSet<string> TrackGroups { get; } = [];

    /// <summary>Adds something that can be tracked, with what it says for trackers that say nothing.</summary>
    public void Add(TrackKind kind, string name, int weight, bool reverse) =>
        _tracked[(kind, name)] = (weight, reverse);

    /// <summary>Names of things that are there but could not be used, which has been reported.</summary>
    public HashSet<(TrackKind Kind, string Name)> LeftOut { get; } = [];

    /// <summary>Its defaults; false if nothing of that name is defined. Interfaces need no definition.</summary>
    public bool TryFind(TrackKind kind, string name, out (int Weight, bool Reverse) defaults)
    {
        bool found = _tracked.TryGetValue((kind, name), out defaults);
        return found || kind == TrackKind.Interface;
    }

    /// <summary>The names of one kind.</summary>
    public IEnumerable<string> NamesOf(TrackKind kind) =>
        _tracked.Keys.Where(key => key.Kind == kind).Select(key => key.Name);
}
