using System;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Director.Forwarding;

/// <summary>The way back to the director's own kernel, for a real server on the director itself.</summary>
/// <remarks>
/// A write to a TAP device is one system call and safe from any thread, so all workers share the device.
/// </remarks>
internal sealed class TapExit(TapDevice device) : IFrameExit
{
    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame) => device.TrySend(frame);

    /// <inheritdoc/>
    public void Flush()
    {
        // every frame is there as soon as it was written
    }
}
