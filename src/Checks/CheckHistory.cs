using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Checks;

/// <summary>One result of a check, as it is remembered.</summary>
/// <param name="Began">When it was asked.</param>
/// <param name="Took">How long the answer took.</param>
/// <param name="Failure">Why it failed, or that it did not.</param>
/// <param name="Reason">The same in words for an operator; empty after success.</param>
/// <param name="IsUp">The verdict that was in force afterwards.</param>
public sealed record CheckRecord(
    DateTimeOffset Began, TimeSpan Took, ProbeFailure Failure, string Reason, bool IsUp);

/// <summary>The last results of one check. Its runner writes, anybody reads, from any thread.</summary>
public sealed class CheckHistory
{
    /// <summary>How many results are remembered.</summary>
    public const int RecordsMax = 20;

    private readonly Queue<CheckRecord> _records = new(RecordsMax);

    /// <summary>What is remembered now, the oldest first.</summary>
    public ImmutableArray<CheckRecord> Snapshot()
    {
        lock (_records)
        {
            return [.. _records];
        }
    }

    internal void Add(CheckRecord record)
    {
        lock (_records)
        {
            if (_records.Count == RecordsMax)
            {
                _records.Dequeue();
            }

            _records.Enqueue(record);
        }
    }
}
