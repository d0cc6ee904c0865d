using System;
using System.Globalization;

namespace XdpLvs.Fuzz;

/// <summary>How much to do: so many frames, or for so long.</summary>
/// <param name="Frames">Frames for the forwarder; other doors get their share of it.</param>
/// <param name="Time">For all doors together; null when frames count.</param>
internal readonly record struct Amount(long Frames, TimeSpan? Time)
{
    private const int Million = 1_000_000;

    /// <summary>Ten million frames.</summary>
    internal static Amount Default { get; } = new(10 * Million, null);

    /// <summary>"10000000", "90s", "5min", "2h".</summary>
    internal static bool TryParse(string text, out Amount amount)
    {
        string number = text.TrimEnd('h', 'i', 'm', 'n', 's'), unit = text[number.Length..];
        bool reads = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        TimeSpan? time = unit switch
        {
            "s" => TimeSpan.FromSeconds(value),
            "m" or "min" => TimeSpan.FromMinutes(value),
            "h" => TimeSpan.FromHours(value),
            _ => null,
        };
        amount = new Amount(time is null ? value : 0, time);
        return reads && value > 0 && (time is not null || unit.Length == 0);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Time?.ToString() ?? Frames.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one of several doors gets.</summary>
    internal Amount Share(int inputsPerMillion, int doors) => Time is { } time
        ? new Amount(long.MaxValue, time / doors)
        : new Amount(Math.Max(1, (long)(Frames / (double)Million * inputsPerMillion)), null);
}
