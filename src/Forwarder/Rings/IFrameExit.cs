using System;

namespace XdpLvs.Forwarder.Rings;

/// <summary>A way out other than the one a frame came in by: another interface, or the director's own kernel.</summary>
/// <remarks>
/// Owned by one worker, like its port. Real servers name it by its place in the worker's list, from 1.
/// </remarks>
public interface IFrameExit
{
    /// <summary>Copies a frame out. Never blocks.</summary>
    /// <returns>False when there was no room: the frame is lost, as on a full wire.</returns>
    bool TrySend(ReadOnlySpan<byte> frame);

    /// <summary>Has the kernel take what was sent since the last time. Called once for each batch.</summary>
    void Flush();
}
