using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Lab;

/// <summary>A line of output and the moment it was read.</summary>
/// <param name="Us">Microseconds of <see cref="LabClock"/>.</param>
/// <param name="Text">Without the line end.</param>
public sealed record LabLine(long Us, string Text);

/// <summary>A process in the lab. Output and error are collected together, line by line; any thread may ask.</summary>
public sealed class LabProcess
{
    private readonly Process _process;
    private readonly List<LabLine> _lines = [];
    private readonly Task _readers;
    private TaskCompletionSource _changed = NewSignal();

    internal LabProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        Pid = process.Id;
        _readers = Task.WhenAll(CollectAsync(process.StandardOutput), CollectAsync(process.StandardError));
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>Process id.</summary>
    public int Pid { get; }

    /// <summary>True once the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it ended with; null while it runs. A process ended by a signal has 128 and the signal.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Lines so far; a place to search from later.</summary>
    public int Count
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>The lines from a place on, oldest first.</summary>
    public IReadOnlyList<LabLine> LinesFrom(int place)
    {
        lock (_lines)
        {
            return _lines[Math.Min(place, _lines.Count)..];
        }
    }

    /// <summary>The first line from a place on that matches, waiting for it if need be.</summary>
    /// <param name="match">What to look for.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="place">Where to begin, a value of <see cref="Count"/>.</param>
    /// <param name="stop">Gives up at once.</param>
    /// <returns>Null when the limit passed or the process ended without such a line.</returns>
    public async Task<LabLine?> FindAsync(
        Predicate<string> match, TimeSpan limit, int place = 0, CancellationToken stop = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ending.CancelAfter(limit);
        while (true)
        {
            bool ended = _readers.IsCompleted;
            Task changed = Volatile.Read(ref _changed).Task;
            IReadOnlyList<LabLine> fresh = LinesFrom(place);
            foreach (LabLine line in fresh)
            {
                if (match(line.Text))
                {
                    return line;
                }
            }

            place += fresh.Count;
            if (ended || ending.IsCancellationRequested)
            {
                stop.ThrowIfCancellationRequested();
                return null;
            }

            await Task.WhenAny(changed, _readers, Task.Delay(Timeout.Infinite, ending.Token));
        }
    }

    /// <summary>Writes one line to the process's standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            throw new LabException($"{Name} has ended: {LastLines(5)}");
        }
    }

    /// <summary>SIGTERM, then SIGKILL when the grace is over. Returns when the process is gone.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!HasExited)
        {
            Commands.Signal("TERM", [Pid]);
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(grace));
        }

        Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for the process to end by itself. Returns its exit code, null when the limit passed.</summary>
    public async Task<int?> WaitForExitAsync(TimeSpan limit)
    {
        Task ended = Task.WhenAll(_process.WaitForExitAsync(), _readers);
        await Task.WhenAny(ended, Task.Delay(limit));
        return ExitCode;
    }

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    /// <param name="name">Without SIG, such as INT.</param>
    public void Signal(string name)
    {
        if (!HasExited)
        {
            Commands.Signal(name, [Pid]);
        }
    }

    /// <summary>SIGKILL, now.</summary>
    public void Kill()
    {
        if (!HasExited)
        {
            _process.Kill();
        }
    }

    /// <summary>The end of the output, for an error message.</summary>
    public string LastLines(int count)
    {
        IReadOnlyList<LabLine> tail = LinesFrom(Math.Max(0, Count - count));
        return string.Join('\n', System.Linq.Enumerable.Select(tail, line => line.Text));
    }

    /// <summary>Waits for a process that was told to end, and kills it when the grace is over.</summary>
    internal void EndWithin(TimeSpan grace)
    {
        if (!_process.WaitForExit(grace))
        {
            Kill();
            _ = _process.WaitForExit(grace);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task CollectAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is string text)
        {
            long now = TimeProvider.System.Microseconds();
            lock (_lines)
            {
                _lines.Add(new LabLine(now, text));
            }

            Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
        }
    }
}
