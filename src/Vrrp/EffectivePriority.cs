using System;

namespace XdpLvs.Vrrp;

/// <summary>keepalived's rule for the priority that is sent and compared: the base plus what trackers add.</summary>
public static class EffectivePriority
{
    private const int LowestPriority = 1, HighestPriority = 254;

    /// <summary>Base plus weights within 1 to 254; the owner's 255 is never changed by trackers.</summary>
    /// <param name="basePriority">As configured.</param>
    /// <param name="weight">Sum of all tracked weights; any number.</param>
    public static byte Of(byte basePriority, int weight) => basePriority == VrrpMachine.OwnerPriority
        ? basePriority
        : (byte)Math.Clamp((long)basePriority + weight, LowestPriority, HighestPriority);

    /// <summary>What one tracker adds: a positive weight while well, a negative one while failed.</summary>
    /// <param name="weight">As configured, not 0.</param>
    /// <param name="isWell">What it found last.</param>
    /// <param name="isReversed">keepalived's word reverse: the opposite sign.</param>
    public static int Contribution(int weight, bool isWell, bool isReversed = false)
    {
        int signed = isReversed ? -weight : weight;
        return weight > 0 == isWell ? signed : 0;
    }
}
