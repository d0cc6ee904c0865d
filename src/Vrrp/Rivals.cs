namespace XdpLvs.Vrrp;

/// <summary>One other active router, and until when it was answered.</summary>
/// <param name="Router">Its address.</param>
/// <param name="AnsweredUntil">No further advert is sent on its account before.</param>
/// <param name="AnnouncedUntil">No further announcement is made on its account before.</param>
public readonly record struct Rival(VrrpAddress Router, Instant AnsweredUntil, Instant AnnouncedUntil);

/// <summary>The other active routers of late: four, so that a flood of invented ones draws few answers.</summary>
/// <remarks>A fifth is answered as soon as one of the four may be answered again.</remarks>
/// <param name="First">In no order.</param>
/// <param name="Second">In no order.</param>
/// <param name="Third">In no order.</param>
/// <param name="Fourth">In no order.</param>
public readonly record struct Rivals(Rival First, Rival Second, Rival Third, Rival Fourth)
{
    /// <summary>How many are remembered.</summary>
    public const int Capacity = 4;

    /// <summary>The entry of a router; for a new one the entry that is free soonest, under its name.</summary>
    internal Rival Of(VrrpAddress router)
    {
        int at = IndexOf(router);
        Rival found = this[at];
        return found.Router == router ? found : found with { Router = router };
    }

    /// <summary>The same with that entry changed.</summary>
    internal Rivals With(Rival rival) => IndexOf(rival.Router) switch
    {
        0 => this with { First = rival },
        1 => this with { Second = rival },
        2 => this with { Third = rival },
        _ => this with { Fourth = rival },
    };

    private Rival this[int index] => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => Fourth,
    };

    private int IndexOf(VrrpAddress router)
    {
        int soonest = 0;
        for (int i = 0; i < Capacity; i++)
        {
            if (this[i].Router == router)
            {
                return i;
            }

            soonest = this[i].AnnouncedUntil.Microseconds < this[soonest].AnnouncedUntil.Microseconds ? i : soonest;
        }

        return soonest;
    }
}
