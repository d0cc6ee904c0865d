using System;

namespace XdpLvs.Checks;

/// <summary>What a check has to say about its real server's weight.</summary>
/// <param name="Kind">Whether it says anything.</param>
/// <param name="Amount">The weight itself, or what to add to the configured one.</param>
public readonly record struct WeightAdvice(WeightAdviceKind Kind, int Amount)
{
    /// <summary>Nothing: the configured weight.</summary>
    public static WeightAdvice None => default;

    /// <summary>This weight in place of the configured one (misc_dynamic).</summary>
    public static WeightAdvice Set(int weight) => new(WeightAdviceKind.Set, weight);

    /// <summary>So much more than configured, or less (FILE_CHECK).</summary>
    public static WeightAdvice Add(int amount) => new(WeightAdviceKind.Add, amount);

    /// <summary>By how much it moves a weight.</summary>
    public long ChangeOf(int configured) => Kind switch
    {
        WeightAdviceKind.Set => (long)Amount - configured,
        WeightAdviceKind.Add => Amount,
        _ => 0,
    };
}

/// <summary>Kinds of <see cref="WeightAdvice"/>.</summary>
public enum WeightAdviceKind
{
    /// <summary>No advice.</summary>
    None,

    /// <summary>A weight.</summary>
    Set,

    /// <summary>A difference.</summary>
    Add,
}

/// <summary>What one check of a real server says at present.</summary>
/// <param name="IsUp">Its verdict.</param>
/// <param name="Weight">Its advice; only that of a check that is up counts.</param>
public readonly record struct CheckReport(bool IsUp, WeightAdvice Weight);

/// <summary>What all checks of one real server say together.</summary>
/// <param name="IsUp">All are up. A server without checks is.</param>
/// <param name="Weight">The configured weight with all advice taken, 0 to <see cref="WeightMax"/>.</param>
public readonly record struct RealServerHealth(bool IsUp, int Weight)
{
    /// <summary>The greatest weight that a configuration may give.</summary>
    public const int WeightMax = ushort.MaxValue;

    /// <summary>Puts the checks of one real server together.</summary>
    /// <param name="configured">The weight in the configuration.</param>
    /// <param name="checks">One for each check.</param>
    public static RealServerHealth Of(int configured, ReadOnlySpan<CheckReport> checks)
    {
        bool isUp = true;
        long weight = configured;
        foreach (CheckReport check in checks)
        {
            isUp &= check.IsUp;
            weight += check.IsUp ? check.Weight.ChangeOf(configured) : 0;
        }

        return new RealServerHealth(isUp, (int)Math.Clamp(weight, 0, WeightMax));
    }
}
