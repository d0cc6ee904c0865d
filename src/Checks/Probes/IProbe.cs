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

/// <summary>What a probe found.</summary>
/// <param name="Failure">Why it failed, or that it did not.</param>
/// <param name="Reason">The same in words for an operator; empty after success.</param>
public readonly record struct ProbeResult(ProbeFailure Failure, string Reason)
{
    /// <summary>The server is there.</summary>
    public static readonly ProbeResult Success = new(ProbeFailure.None, "");

    /// <summary>Whether the server is there.</summary>
    public bool Succeeded => Failure == ProbeFailure.None;
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

    /// <summary>Anything else.</summary>
    Other,
}
