using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>One way to ask a real server whether it is there.</summary>
public interface IProbe
{
    /// <summary>Asks once. Failure is a result; only cancellation throws.</summary>
    /// <param name="cancellation">Given up: nobody waits for the answer any more.</param>
    ValueTask<ProbeResult> RunAsync(CancellationToken cancellation);
}

/// <summary>A probe that hears of changes by itself, so that nobody need wait for the next check.</summary>
public interface IWakingProbe : IProbe
{
    /// <summary>Ends when the answer may be another than the last one given.</summary>
    Task WaitForNewsAsync(CancellationToken cancellation);
}

/// <summary>What a probe found.</summary>
/// <param name="Failure">Why it failed, or that it did not.</param>
/// <param name="Reason">The same in words for an operator; empty after success.</param>
public readonly record struct ProbeResult(ProbeFailure Failure, string Reason)
{
    /// <summary>The server is there.</summary>
    public static readonly ProbeResult Success = new(ProbeFailure.None, "");

    /// <summary>Whether the server is there.</summary>
    public bool Succeeded => Failure == ProbeFailure.None;

    /// <summary>keepalived's words for the same, of which <see cref="CheckLog"/> makes its line; null: none.</summary>
    public string? Phrase { get; init; }

    /// <summary>What exactly was asked, where a check asks for several things: the path of a page.</summary>
    public string? Subject { get; init; }

    /// <summary>What it says about the weight.</summary>
    public WeightAdvice Weight { get; init; }
}

/// <summary>Kinds of failure.</summary>
public enum ProbeFailure
{
    /// <summary>It did not fail.</summary>
    None,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The host is there and nobody listens.</summary>
    Refused,

    /// <summary>No way to the host.</summary>
    Unreachable,

    /// <summary>We could not even ask: the address to bind to is not ours, or descriptors ran out.</summary>
    Local,

    /// <summary>It answered, and the answer is not the one that was wanted.</summary>
    WrongAnswer,

    /// <summary>Anything else: the connection broke off, or what came is not the protocol.</summary>
    Other,
}
