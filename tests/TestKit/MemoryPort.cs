using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Rings;

namespace XdpLvs.TestKit;

/// <summary>The two ends of a cable made of lists, and the memory that its frames lie in.</summary>
/// <remarks>
/// Frames are copied into chunks on arrival, as a NIC does, so that the lists keep what they were given.
/// </remarks>
public sealed class MemoryWire
{
    private const int ChunkSize = 2048;

    private readonly byte[] _memory;
    private readonly Stack<int> _free;
    private readonly bool[] _isOwned;
    private int _next;

    /// <summary>A wire with nothing on it.</summary>
    /// <param name="repeats">
    /// The frames arrive again and again, and nothing is kept of what is sent: for measurements, which must not
    /// allocate.
    /// </param>
    /// <param name="chunks">Frames that can be in the hands of the port's owner.</param>
    public MemoryWire(bool repeats = false, int chunks = 256)
    {
        Repeats = repeats;
        _memory = new byte[chunks * ChunkSize];
        _free = new Stack<int>(chunks);
        _isOwned = new bool[chunks];
        for (int chunk = chunks - 1; chunk >= 0; chunk--)
        {
            _free.Push(chunk);
        }
    }

    /// <summary>Whether the frames arrive again and again.</summary>
    public bool Repeats { get; }

    /// <summary>What arrives, in order. At most 2,048 octets each.</summary>
    public List<byte[]> Arriving { get; } = [];

    /// <summary>What was sent, in order; empty while <see cref="Repeats"/>.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Frames that one Transmit takes; the rest is refused.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>Whether the port says that frames wait for the kernel to take them.</summary>
    public bool HasBacklog { get; set; }

    /// <summary>Frames that may yet be kept.</summary>
    public int RoomToKeep { get; set; } = int.MaxValue;

    /// <summary>Frames that arrived so far.</summary>
    public long ReceivedCount { get; private set; }

    /// <summary>Frames sent so far.</summary>
    public long SentCount { get; private set; }

    /// <summary>Frames given up unsent so far.</summary>
    public long RecycledCount { get; private set; }

    /// <summary>Frames in the hands of the port's owner.</summary>
    public int Owned => _isOwned.Length - _free.Count;

    internal int Receive(Span<Frame> batch)
    {
        int count = 0;
        while (count < batch.Length && _free.Count > 0 && _next < Arriving.Count)
        {
            byte[] frame = Arriving[_next++];
            _next = Repeats && _next == Arriving.Count ? 0 : _next;
            int chunk = _free.Pop();
            _isOwned[chunk] = true;
            frame.CopyTo(_memory.AsSpan(chunk * ChunkSize, ChunkSize));
            batch[count++] = new Frame((ulong)(chunk * ChunkSize), frame.Length);
        }

        ReceivedCount += count;
        return count;
    }

    internal Span<byte> Bytes(Frame frame) => _memory.AsSpan((int)frame.Address, frame.Length);

    internal bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets)
    {
        if (octets.Length > ChunkSize)
        {
            return false;
        }

        octets.CopyTo(_memory.AsSpan((int)frame.Address));
        frame = frame with { Length = octets.Length };
        return true;
    }

    internal bool TryKeep() => RoomToKeep-- > 0;

    internal int Transmit(ReadOnlySpan<Frame> frames)
    {
        int queued = Math.Min(frames.Length, Room);
        for (int i = 0; i < frames.Length; i++)
        {
            if (i < queued && !Repeats)
            {
                Sent.Add(Bytes(frames[i]).ToArray());
            }

            Release(frames[i]);
        }

        SentCount += queued;
        return queued;
    }

    internal void Recycle(Frame frame)
    {
        Release(frame);
        RecycledCount++;
    }

    private void Release(Frame frame)
    {
        int chunk = (int)(frame.Address / ChunkSize);
        if (!_isOwned[chunk])
        {
            throw new InvalidOperationException($"frame {frame.Address} is given up twice");
        }

        _isOwned[chunk] = false;
        _free.Push(chunk);
    }
}

/// <summary>A port on a <see cref="MemoryWire"/>. The production loop runs on it unchanged.</summary>
public readonly struct MemoryPort(MemoryWire wire) : IFramePort
{
    /// <inheritdoc/>
    public bool HasBacklog => wire.HasBacklog;

    /// <inheritdoc/>
    public int Receive(Span<Frame> batch) => wire.Receive(batch);

    /// <inheritdoc/>
    public bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets) => wire.TryReplace(ref frame, octets);

    /// <inheritdoc/>
    public bool TryKeep(ref Frame frame) => wire.TryKeep();

    /// <inheritdoc/>
    public Span<byte> Bytes(Frame frame) => wire.Bytes(frame);

    /// <inheritdoc/>
    public int Transmit(ReadOnlySpan<Frame> frames) => wire.Transmit(frames);

    /// <inheritdoc/>
    public void Recycle(Frame frame) => wire.Recycle(frame);
}
