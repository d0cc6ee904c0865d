using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>A check whose subject does not exist: it fails, so that nothing serves because nobody looked.</summary>
internal sealed class MissingProbe(string reason) : IProbe
{
    /// <inheritdoc/>
    public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation) =>
        ValueTask.FromResult(new ProbeResult(ProbeFailure.Local, reason));
}
