using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Checks;

namespace XdpLvs.Director.Checking;

/// <summary>Stands where no script may be run: every script fails, so that no server serves unchecked.</summary>
internal sealed class NoScripts : IScriptRunner
{
    /// <inheritdoc/>
    public ValueTask<ScriptEnd> RunAsync(ScriptCall script, CancellationToken cancellation) =>
        ValueTask.FromResult(default(ScriptEnd));
}
