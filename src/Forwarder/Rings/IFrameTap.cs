using System;
using System.Threading;

namespace XdpLvs.Forwarder.Rings;

/// <summary>
/// Watches the frames of one worker. Called by that worker, so it never blocks, allocates or fails: what it has no room
/// for it loses, and counts.
/// </summary>
public interface IFrameTap
{
    /// <summary>A batch was received; <see cref="Arrived"/> is called for each of its frames.</summary>
    void Begin();

    /// <summary>A frame as it came in.</summary>
    void Arrived(ReadOnlySpan<byte> frame);

    /// <summary>A frame as it goes out, if there is room for it on the wire: <see cref="Left"/> says so.</summary>
    void Leaving(ReadOnlySpan<byte> frame);

    /// <summary>How many of the frames that were leaving did leave: the first ones.</summary>
    void Left(int count);
}

/// <summary>Where a worker looks for its tap. Any thread may put one there, and take it away again.</summary>
public sealed class TapPoint
{
    private IFrameTap? _tap;

    /// <summary>The tap, or nothing, which is the rule.</summary>
    public IFrameTap? Current => Volatile.Read(ref _tap);

    /// <summary>Has a worker call a tap from its next batch on. False: there is another.</summary>
    public bool TryAttach(IFrameTap tap) => Interlocked.CompareExchange(ref _tap, tap, null) is null;

    /// <summary>Has a worker call it no more; a batch that has begun may still do so.</summary>
    public void Detach(IFrameTap tap) => Interlocked.CompareExchange(ref _tap, null, tap);
}
