using System;
using System.Buffers.Binary;
using System.Threading;
using XdpLvs.Forwarder.Rings;

namespace XdpLvs.Director.Tools.Capture;

/// <summary>
/// Copies of one worker's frames on their way to whoever captures: a ring of octets, written by the worker and read by
/// one other thread, without a lock. What finds no room is lost and counted.
/// </summary>
/// <remarks>
/// Indices run freely and are masked on use. A record is a <see cref="CaptureRecord"/> header and the frame, and begins
/// at a multiple of eight octets; one that would not fit before the end of the memory begins at its start.
/// </remarks>
/// <param name="time">Read twice for a batch: when it came in, when it goes out.</param>
/// <param name="size">Octets, a power of two.</param>
internal sealed class TapRing(TimeProvider time, int size = TapRing.SizeDefault) : IFrameTap
{
    /// <summary>Some 2,700 frames of 1,500 octets.</summary>
    internal const int SizeDefault = 1 << 22;

    private const int Alignment = 8, LeavingMax = 256, LengthOfSkip = -1;

    private readonly byte[] _octets = new byte[size]; // zeroed: its pages are there before the first frame is
    private readonly ulong[] _ends = new ulong[LeavingMax];
    private ulong _head, _tail; // shared: published by the worker, by the reader
    private ulong _noted, _tailSeen; // the worker's: written up to here, and its copy of the other's index
    private int _leaving;
    private long _now, _lost;

    /// <summary>Frames for which there was no room.</summary>
    internal long Lost => Volatile.Read(ref _lost);

    /// <inheritdoc/>
    public void Begin() => _now = time.GetUtcNow().Ticks;

    /// <inheritdoc/>
    public void Arrived(ReadOnlySpan<byte> frame)
    {
        if (TryNote(frame, CaptureKind.In))
        {
            Volatile.Write(ref _head, _noted);
        }
        else
        {
            Volatile.Write(ref _lost, _lost + 1);
        }
    }

    /// <inheritdoc/>
    public void Leaving(ReadOnlySpan<byte> frame)
    {
        if (_leaving == 0)
        {
            Begin();
        }

        if (_leaving < LeavingMax)
        {
            TryNote(frame, CaptureKind.Out);
            _ends[_leaving] = _noted; // where it was when the frame was not noted
        }

        _leaving++;
    }

    /// <inheritdoc/>
    public void Left(int count)
    {
        ulong end = _head;
        long lost = 0;
        for (int i = 0; i < count; i++)
        {
            bool isNoted = i < LeavingMax && _ends[i] != end;
            end = isNoted ? _ends[i] : end;
            lost += isNoted ? 0 : 1;
        }

        _noted = end; // forgets the frames that did not leave after all
        _leaving = 0;
        Volatile.Write(ref _head, end);
        Volatile.Write(ref _lost, _lost + lost);
    }

    /// <summary>When the next frame was seen; false when there is none. Called by the reader.</summary>
    internal bool TryPeek(out long ticks)
    {
        bool found = TryFind(out int offset);
        ticks = found ? CaptureRecord.Read(_octets.AsSpan(offset)).Value : 0;
        return found;
    }

    /// <summary>Takes the next record out. Called by the reader.</summary>
    /// <returns>Its octets; 0 when there is none, or <paramref name="target"/> is too short for it.</returns>
    internal int Read(Span<byte> target)
    {
        if (!TryFind(out int offset))
        {
            return 0;
        }

        int length = CaptureRecord.Size + CaptureRecord.Read(_octets.AsSpan(offset)).Length;
        if (length > target.Length)
        {
            return 0;
        }

        _octets.AsSpan(offset, length).CopyTo(target);
        Volatile.Write(ref _tail, _tail + (ulong)Aligned(length));
        return length;
    }

    private static int Aligned(int length) => (length + Alignment - 1) & ~(Alignment - 1);

    private int OffsetOf(ulong index) => (int)(index & (ulong)(size - 1));

    private bool TryNote(ReadOnlySpan<byte> frame, CaptureKind kind)
    {
        int room = Aligned(CaptureRecord.Size + frame.Length);
        int offset = OffsetOf(_noted);
        int skipped = size - offset < room ? size - offset : 0;
        ulong end = _noted + (ulong)(skipped + room);
        if (end - _tailSeen > (ulong)size)
        {
            _tailSeen = Volatile.Read(ref _tail);
            if (end - _tailSeen > (ulong)size)
            {
                return false;
            }
        }

        if (skipped > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_octets.AsSpan(offset), LengthOfSkip);
            offset = 0;
        }

        new CaptureRecord(frame.Length, kind, _now).Write(_octets.AsSpan(offset));
        frame.CopyTo(_octets.AsSpan(offset + CaptureRecord.Size));
        _noted = end;
        return true;
    }

    private bool TryFind(out int offset)
    {
        offset = OffsetOf(_tail);
        if (_tail == Volatile.Read(ref _head))
        {
            return false;
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(_octets.AsSpan(offset)) == LengthOfSkip)
        {
            Volatile.Write(ref _tail, _tail + (ulong)(size - offset)); // a record follows: both are published together
            offset = 0;
        }

        return true;
    }
}
