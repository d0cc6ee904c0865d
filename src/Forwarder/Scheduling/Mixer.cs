namespace XdpLvs.Forwarder.Scheduling;

/// <summary>Spreads a word's bits: words next to each other become words that seem to be drawn.</summary>
/// <remarks>The output function of splitmix64, Steele, Lea and Flood 2014.</remarks>
internal static class Mixer
{
    /// <summary>What a counter goes on by: 2^64 divided by the golden ratio, odd.</summary>
    internal const ulong Step = 0x9E3779B97F4A7C15;

    internal static ulong Mix(ulong word)
    {
        unchecked
        {
            word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
            word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
            return word ^ (word >> 31);
        }
    }
}
