using System;
using System.Threading;
using XdpLvs.Director.Scripts;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Notify;

/// <summary>One FIFO that readers are told by, and the script that reads it, if there is one.</summary>
/// <remarks>
/// The queue is the pipe itself: a megabyte of lines where the kernel allows it. A full one loses new lines, counts
/// them and says so once; nobody waits. A script that ends is started again, five seconds later.
/// </remarks>
internal sealed class NotifyFifo : IDisposable
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(5);

    private readonly NamedPipe _pipe;
    private readonly Script? _script;
    private readonly ScriptRunner _runner;
    private readonly Action<string> _warn;
    private readonly ITimer _restart;
    private volatile bool _ending;
    private long _lost;

    /// <summary>Opens the FIFO and starts the script.</summary>
    /// <param name="path">notify_fifo, vrrp_notify_fifo or lvs_notify_fifo.</param>
    /// <param name="owner">Whose the FIFO becomes if it must be made.</param>
    /// <param name="script">Its script; gets the path as its last word.</param>
    /// <param name="runner">Runs the script; one of its places is taken for good.</param>
    /// <param name="warn">Told of lost lines and of a script that ends.</param>
    /// <param name="time">Waits before a restart.</param>
    /// <exception cref="Linux.LinuxException">It cannot be made or opened.</exception>
    /// <exception cref="System.IO.IOException">Something else than a FIFO is there.</exception>
    internal NotifyFifo(
        string path, ScriptUser owner, Script? script, ScriptRunner runner, Action<string> warn, TimeProvider time)
    {
        _pipe = NamedPipe.Open(path, owner.UserId, owner.GroupId);
        _script = script?.With(path);
        _runner = runner;
        _warn = warn;
        _restart = time.CreateTimer(_ => StartScript(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        StartScript();
    }

    /// <summary>Lines that found no room.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    /// <summary>Writes a line. Any thread; never blocks.</summary>
    internal void Write(ReadOnlySpan<byte> line)
    {
        if (!_pipe.TryWrite(line) && Interlocked.Increment(ref _lost) == 1)
        {
            _warn($"FIFO {_pipe.Path}: nobody reads it; lines are being lost");
        }
    }

    /// <summary>Closes it: its reader sees the end after the last line.</summary>
    public void Dispose()
    {
        _ending = true;
        _restart.Dispose();
        _pipe.Dispose();
    }

    private void StartScript()
    {
        if (_script is not null
            && !_ending
            && !_runner.TryRun(new ScriptRequest(_script, null, KillLeftovers: false, HearEnd)))
        {
            HearEnd(new ScriptResult(ScriptOutcome.NotStarted, Linux.Errno.EAGAIN));
        }
    }

    private void HearEnd(ScriptResult result)
    {
        if (!_ending)
        {
            _warn($"FIFO {_pipe.Path}: its script {_script} {result}; it is started again in "
                + $"{RestartAfter.TotalSeconds} s");
            _restart.Change(RestartAfter, Timeout.InfiniteTimeSpan);
        }
    }
}
