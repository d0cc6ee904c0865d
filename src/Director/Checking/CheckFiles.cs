using System.Collections.Frozen;
using System.Collections.Generic;
using XdpLvs.Checks;
using XdpLvs.Director.Tracking;

namespace XdpLvs.Director.Checking;

/// <summary>The numbers in the tracked files that FILE_CHECKs ask for; 0 until a file was read.</summary>
/// <param name="names">Of the files.</param>
internal sealed class CheckFiles(IEnumerable<string> names)
{
    private readonly FrozenDictionary<string, WatchedValue<int>> _values =
        names.ToFrozenDictionary(name => name, _ => new WatchedValue<int>(0));

    /// <summary>The number in a file; null if no check asks for it.</summary>
    internal IWatchedValue<int>? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>A file says something else than before. Any thread.</summary>
    internal void Hear(TrackerId id, Reading reading)
    {
        if (id.Kind == TrackerKind.File && _values.TryGetValue(id.Name, out WatchedValue<int>? value))
        {
            value.Set(reading.Value);
        }
    }
}
