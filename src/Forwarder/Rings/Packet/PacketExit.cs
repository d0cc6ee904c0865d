using System;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>A way out through an interface on which nothing is received: the other arm of a two-arm director.</summary>
/// <remarks>One thread owns it.</remarks>
public sealed class PacketExit : IFrameExit, IDisposable
{
    private const int Tags = 8, EthernetHeaderSize = 14, SlotCount = 1024;

    private readonly TransmitRing _ring;
    private readonly int _frameLengthMax;

    /// <summary>Opens the ring.</summary>
    /// <param name="nic">The interface.</param>
    public PacketExit(Nic nic)
    {
        _frameLengthMax = (int)nic.Mtu + EthernetHeaderSize + Tags;
        _ring = new TransmitRing(nic.Index, $"AF_PACKET {nic.Name}", _frameLengthMax, SlotCount);
    }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame) => frame.Length <= _frameLengthMax && _ring.TryPush(frame);

    /// <inheritdoc/>
    public void Flush() => _ring.Kick(); // what it leaves goes out with the next batch

    /// <inheritdoc/>
    public void Dispose() => _ring.Dispose();
}
