namespace XdpLvs.Vrrp;

/// <summary>The intervals of RFC 3768 section 6.1, in microseconds.</summary>
public static class VrrpTimers
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Skew_Time: the higher the priority, the sooner a backup moves.</summary>
    /// <remarks>VRRPv2: (256 - priority) / 256 seconds whatever the interval; VRRPv3 would scale it by that.</remarks>
    public static long Skew(VrrpSettings self) => (256 - self.Priority) * MicrosecondsPerSecond / 256;

    /// <summary>Master_Down_Interval: how long a backup bears silence.</summary>
    public static long Down(VrrpSettings self) =>
        (self.DownTimerAdverts * self.IntervalMicroseconds) + Skew(self);
}
