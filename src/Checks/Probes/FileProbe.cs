using System;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>
/// keepalived's FILE_CHECK: the number in a tracked file. Without a weight the server is up while it is 0 (or,
/// reversed, while it is not); with one, the number times the weight is added to the server's.
/// </summary>
public sealed class FileProbe(FileProbeSettings settings, IWatchedValue<int> file) : IWakingProbe
{
    private readonly Lock _gate = new();
    private int _seen = int.MinValue;

    /// <inheritdoc/>
    public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        int value = file.Value;
        lock (_gate)
        {
            _seen = value;
        }

        return ValueTask.FromResult(Judge(value));
    }

    /// <inheritdoc/>
    public Task WaitForNewsAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return file.WaitForOtherThanAsync(_seen, cancellation);
        }
    }

    private ProbeResult Judge(int value)
    {
        if (settings.Weight == 0)
        {
            return (value == 0) != settings.IsReversed
                ? ProbeResult.Success with { Subject = settings.Name }
                : Failed($"it holds {value}");
        }

        long change = (long)value * settings.Weight * (settings.IsReversed ? -1 : 1);
        return change <= int.MinValue // keepalived's way of saying fault by weight
            ? Failed($"it holds {value}, which makes a weight of {change}")
            : ProbeResult.Success with
            {
                Subject = settings.Name,
                Weight = WeightAdvice.Add((int)Math.Min(change, int.MaxValue)),
            };
    }

    private ProbeResult Failed(string why) => new(ProbeFailure.WrongAnswer, why) { Subject = settings.Name };
}
