using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>A value that somebody else keeps, and that can be waited for: a tracked file's, a BFD session's.</summary>
/// <typeparam name="T">Of the value.</typeparam>
public interface IWatchedValue<T>
{
    /// <summary>The value now.</summary>
    T Value { get; }

    /// <summary>Ends when the value is another than the one seen; at once if it is already.</summary>
    Task WaitForOtherThanAsync(T seen, CancellationToken cancellation);
}

/// <summary>A watched value in memory. Any thread may set it, and any number may wait.</summary>
/// <typeparam name="T">Of the value.</typeparam>
public sealed class WatchedValue<T>(T initial) : IWatchedValue<T>
{
    private readonly Lock _gate = new();
    private T _value = initial;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public T Value
    {
        get
        {
            lock (_gate)
            {
                return _value;
            }
        }
    }

    /// <summary>Sets it. Who waits for another value hears of it.</summary>
    public void Set(T value)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (EqualityComparer<T>.Default.Equals(_value, value))
            {
                return;
            }

            _value = value;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <inheritdoc/>
    public Task WaitForOtherThanAsync(T seen, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return EqualityComparer<T>.Default.Equals(_value, seen)
                ? _changed.Task.WaitAsync(cancellation)
                : Task.CompletedTask;
        }
    }
}
