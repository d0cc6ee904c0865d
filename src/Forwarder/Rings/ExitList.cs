using System;
using System.Threading;

namespace XdpLvs.Forwarder.Rings;

/// <summary>
/// One worker's other ways out. Another thread adds to it before it publishes a table that names the new one; nothing
/// is ever taken away while the worker runs.
/// </summary>
public sealed class ExitList
{
    private IFrameExit[] _exits = [];

    /// <summary>As it is now; the exit with number n is at n - 1.</summary>
    public ReadOnlySpan<IFrameExit> Current => Volatile.Read(ref _exits);

    /// <summary>Appends one; the caller goes on owning it. Called by one thread.</summary>
    public void Add(IFrameExit exit) => Volatile.Write(ref _exits, [.. _exits, exit]);
}
