using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's BFD_CHECK: the server is up while a BFD session is.</summary>
public sealed class BfdProbe(BfdProbeSettings settings, IWatchedValue<bool> session) : IWakingProbe
{
    private readonly Lock _gate = new();
    private bool _seen;

    /// <inheritdoc/>
    public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        bool isUp = session.Value;
        lock (_gate)
        {
            _seen = isUp;
        }

        return ValueTask.FromResult(isUp
            ? ProbeResult.Success with { Subject = settings.Name }
            : new ProbeResult(ProbeFailure.WrongAnswer, "the session is not up") { Subject = settings.Name });
    }

    /// <inheritdoc/>
    public Task WaitForNewsAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return session.WaitForOtherThanAsync(_seen, cancellation);
        }
    }
}
