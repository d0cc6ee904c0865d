using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Director.Tools.Replay;

/// <summary>A frame that the loop gave up: sent to a MAC address, or not sent.</summary>
/// <param name="Slot">Where it lay.</param>
/// <param name="IsSent">Whether it left.</param>
/// <param name="Target">Where to.</param>
internal readonly record struct EndedFrame(int Slot, bool IsSent, MacAddress Target);

/// <summary>Hears of every frame that leaves. Its octets are valid during the call.</summary>
internal delegate void FrameSent(ReadOnlySpan<byte> frame);

/// <summary>
/// A wire on which one frame at a time arrives, and the memory of those that the loop has not given up.
/// </summary>
internal sealed class ReplayWire(FrameSent sent)
{
    private readonly List<byte[]> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly List<EndedFrame> _ended = [];
    private Frame? _arriving;

    /// <summary>What the loop gave up since <see cref="ClearEnded"/>, in order.</summary>
    internal IReadOnlyList<EndedFrame> Ended => _ended;

    internal void ClearEnded() => _ended.Clear();

    /// <summary>Puts a frame on the wire; the loop takes it in its next turn.</summary>
    /// <returns>Its slot, which nobody else has until it is given up.</returns>
    internal int Offer(ReadOnlySpan<byte> octets)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add([]);
        }

        Put(slot, octets);
        _arriving = new Frame((ulong)slot, octets.Length);
        return slot;
    }

    internal int Receive(Span<Frame> batch)
    {
        if (_arriving is not { } frame)
        {
            return 0;
        }

        batch[0] = frame;
        _arriving = null;
        return 1;
    }

    internal Span<byte> Bytes(Frame frame) => _slots[(int)frame.Address].AsSpan(0, frame.Length);

    internal bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets)
    {
        Put((int)frame.Address, octets);
        frame = frame with { Length = octets.Length };
        return true;
    }

    internal int Transmit(ReadOnlySpan<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            Span<byte> octets = Bytes(frame);
            sent(octets);
            _ended.Add(new EndedFrame((int)frame.Address, true, MacAddress.From(octets)));
            _free.Push((int)frame.Address);
        }

        return frames.Length;
    }

    internal void Recycle(Frame frame)
    {
        _ended.Add(new EndedFrame((int)frame.Address, false, default));
        _free.Push((int)frame.Address);
    }

    private void Put(int slot, ReadOnlySpan<byte> octets)
    {
        if (_slots[slot].Length < octets.Length)
        {
            _slots[slot] = new byte[Math.Max(octets.Length, 2048)];
        }

        octets.CopyTo(_slots[slot]);
    }
}

/// <summary>The loop's end of a <see cref="ReplayWire"/>.</summary>
internal readonly struct ReplayPort(ReplayWire wire) : IFramePort
{
    /// <inheritdoc/>
    public bool HasBacklog => false;

    /// <inheritdoc/>
    public int Receive(Span<Frame> batch) => wire.Receive(batch);

    /// <inheritdoc/>
    public Span<byte> Bytes(Frame frame) => wire.Bytes(frame);

    /// <inheritdoc/>
    public bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets) => wire.TryReplace(ref frame, octets);

    /// <inheritdoc/>
    public bool TryKeep(ref Frame frame) => true; // every frame has a slot of its own, as long as it is needed

    /// <inheritdoc/>
    public int Transmit(ReadOnlySpan<Frame> frames) => wire.Transmit(frames);

    /// <inheritdoc/>
    public void Recycle(Frame frame) => wire.Recycle(frame);
}
