using System;
using System.Threading;

namespace XdpLvs.Checks;

/// <summary>How long one step of a probe may take. Each step may begin anew.</summary>
internal sealed class Patience : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _late, _either;

    /// <param name="limit">For each step.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="given">Given up from outside.</param>
    internal Patience(TimeSpan limit, TimeProvider clock, CancellationToken given)
    {
        _limit = limit;
        _late = new CancellationTokenSource(limit, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(given, _late.Token);
    }

    /// <summary>Cancelled when the time of the step is over, or from outside.</summary>
    internal CancellationToken Token => _either.Token;

    /// <summary>The next step begins: it has the whole time again.</summary>
    internal void BeginStep() => _late.CancelAfter(_limit);

    /// <summary>The result of a probe that ran out of it.</summary>
    internal ProbeResult Result(string? phrase = null) =>
        new(ProbeFailure.Timeout, $"no answer within {_limit.TotalSeconds:0.###} s") { Phrase = phrase };

    /// <inheritdoc/>
    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
