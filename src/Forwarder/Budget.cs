using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder;

/// <summary>So many per second and no more: a bucket of one second's tokens, filled as time goes on.</summary>
public struct Budget
{
    private uint _filledAt;
    private long _tokens;
    private bool _begun;

    /// <summary>Takes one if there is one.</summary>
    /// <param name="perSecond">How many; the caller's table may change it at any time.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>, never going back.</param>
    public bool TryTake(int perSecond, uint now)
    {
        if (!_begun)
        {
            (_begun, _filledAt, _tokens) = (true, now, perSecond);
        }
        else if (now > _filledAt)
        {
            long gained = (long)(now - _filledAt) * perSecond / FlowClock.TicksPerSecond;
            _tokens = System.Math.Min(perSecond, _tokens + gained);
            _filledAt = gained > 0 ? now : _filledAt; // a small rate must add up its fractions
        }

        if (_tokens <= 0)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
