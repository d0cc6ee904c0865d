namespace XdpLvs.Config;

/// <summary>How much expansions may make of a configuration. When it is spent, nothing more is read.</summary>
internal sealed class Budget(Reporter report)
{
    /// <summary>Characters that all expansions together may make.</summary>
    public const int ExpandedMax = 16 * 1024 * 1024;

    private const int LineCost = 32;

    private long _spent;

    /// <summary>Whether it is spent; that has been reported once.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Takes a line's worth.</summary>
    /// <param name="characters">Characters of the line.</param>
    /// <param name="line">The line, for the report.</param>
    /// <returns>Whether there was enough left.</returns>
    public bool TrySpend(int characters, SourceLine line)
    {
        _spent += characters + LineCost;
        if (_spent > ExpandedMax)
        {
            Stop(line.Place(0, line.Text.Length), $"the variables and repetitions up to here make more than "
                + $"{ExpandedMax / (1024 * 1024)} Mi characters; nothing of the configuration is used");
        }

        return !IsSpent;
    }

    /// <summary>Ends the reading with one error.</summary>
    public void Stop(Word place, string message)
    {
        if (!IsSpent)
        {
            report.Fault(place, message);
        }

        IsSpent = true;
    }
}
