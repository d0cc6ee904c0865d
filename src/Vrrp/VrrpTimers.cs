namespace XdpLvs.Vrrp;

/// <summary>The intervals of section 6.1 of RFC 3768 and RFC 9568, in microseconds.</summary>
public static class VrrpTimers
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Skew_Time of the router as it is now.</summary>
    public static long Skew(in VrrpState state, VrrpSettings self) =>
        Skew(self.Version, state.PriorityOf(self), state.IntervalOf(self));

    /// <summary>Skew_Time: the higher the priority, the sooner a backup moves.</summary>
    /// <remarks>VRRPv2: (256 - priority) / 256 seconds whatever the interval; VRRPv3 scales it by that.</remarks>
    /// <param name="version">2 or 3.</param>
    /// <param name="priority">Effective.</param>
    /// <param name="activeInterval">Active_Adver_Interval, microseconds.</param>
    public static long Skew(int version, byte priority, long activeInterval) =>
        (256 - priority) * (version == VrrpVersion.Two ? MicrosecondsPerSecond : activeInterval) / 256;

    /// <summary>Active_Down_Interval: how long a backup bears silence.</summary>
    public static long Down(in VrrpState state, VrrpSettings self) =>
        (self.DownTimerAdverts * state.IntervalOf(self)) + Skew(state, self);

    /// <summary>In what time any backup that hears a resignation takes over: the lowest priority's skew.</summary>
    public static long SkewMax(VrrpSettings self) => Skew(self.Version, 1, self.IntervalMicroseconds);
}
