using System;

namespace XdpLvs.Forwarder.Rings;

/// <summary>A frame by reference: where it lies in the shared memory and how many octets it has.</summary>
public readonly record struct Frame(ulong Address, int Length);

/// <summary>Where frames come from and go to. Implementations: AF_XDP, AF_PACKET, and memory for tests.</summary>
/// <remarks>A frame is owned by the caller from Receive until Transmit or Recycle, which end that ownership.</remarks>
public interface IFramePort
{
    /// <summary>Whether frames wait for the kernel to take them: the owner should come back soon.</summary>
    bool HasBacklog { get; }

    /// <summary>Takes what has already arrived. Never blocks.</summary>
    /// <returns>How many entries of <paramref name="batch"/> were filled, possibly zero.</returns>
    int Receive(Span<Frame> batch);

    /// <summary>The octets of a frame the caller owns.</summary>
    Span<byte> Bytes(Frame frame);

    /// <summary>Replaces the octets of a frame that the caller owns by others, more of them too.</summary>
    /// <returns>False when there is no room for them; then the frame is as it was.</returns>
    bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets);

    /// <summary>
    /// Makes a frame one that may be kept for long, while others come and go. It is still ended by Transmit or Recycle.
    /// </summary>
    /// <returns>False when there is no room to keep more; then the frame is as it was.</returns>
    bool TryKeep(ref Frame frame);

    /// <summary>Sends frames and gives them all up, whether or not the device had room.</summary>
    /// <returns>How many were queued; they are the first of <paramref name="frames"/>.</returns>
    int Transmit(ReadOnlySpan<Frame> frames);

    /// <summary>Gives up a frame without sending it.</summary>
    void Recycle(Frame frame);
}
