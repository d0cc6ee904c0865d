using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace XdpLvs.Fuzz;

/// <summary>Throws inputs at a door, counts what became of them, and keeps the first that broke a rule.</summary>
internal sealed class DoorRun(IFuzzDoor door, int seed, TextWriter output)
{
    private const int InputsPerLook = 256;
    private static readonly TimeSpan SlowMin = TimeSpan.FromSeconds(10); // a limit for hangs, not a measurement

    private readonly SortedDictionary<string, long> _became = new(StringComparer.Ordinal);

    /// <summary>Runs. Returns whether nothing was found.</summary>
    internal bool Run(Amount amount)
    {
        var octets = new Octets(new Random(seed));
        TimeProvider time = TimeProvider.System;
        long began = time.GetTimestamp(), inputs = 0;
        TimeSpan elapsed = TimeSpan.Zero;
        while (inputs < amount.Frames && !(elapsed > amount.Time))
        {
            byte[] input = octets.Next(door.Seeds);
            if (!TryFeed(input))
            {
                return false;
            }

            inputs++;
            elapsed = inputs % InputsPerLook == 0 ? time.GetElapsedTime(began) : elapsed;
        }

        elapsed = time.GetElapsedTime(began);
        output.WriteLine(Text($"{door.Name,-10} {inputs,12:n0} inputs in {elapsed.TotalSeconds:0.0} s"));
        foreach ((string became, long count) in _became)
        {
            output.WriteLine(Text($"  {became,-44} {count,12:n0}"));
        }

        return true;
    }

    /// <summary>Feeds one input that was kept.</summary>
    internal bool Repeat(byte[] input)
    {
        bool isFine = TryFeed(input);
        output.WriteLine(isFine ? $"{door.Name}: {_became.Keys.Single()}" : "");
        return isFine;
    }

    private bool TryFeed(byte[] input)
    {
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            string became = door.Feed(input);
            _became[became] = _became.GetValueOrDefault(became) + 1;
            if (TimeProvider.System.GetElapsedTime(began) > SlowMin)
            {
                throw new BrokenRuleException($"one input took {TimeProvider.System.GetElapsedTime(began)}");
            }

            return true;
        }
        catch (Exception finding)
        {
            Findings.Report(output, door.Name, seed, input, finding);
            return false;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
