using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>Frames of one AF_XDP socket: one queue of one interface.</summary>
/// <remarks>
/// Every frame of the memory is always in exactly one place: fill ring, receive ring, the caller's hands,
/// transmit ring, completion ring, and where merged frames can come, a reserve for their segments. Fill and completion
/// rings have room for all of them, so giving back never fails.
/// One thread owns a port. Linux Documentation/networking/af_xdp.rst.
/// </remarks>
public unsafe struct XskPort : IFramePort
{
    /// <summary>
    /// One kick sends at most 32 frames in copy mode; a few cover a batch, the rest waits for the next turn.
    /// </summary>
    private const int KicksPerBatchMax = 4;

    /// <summary>Chunks kept for segments: many merged frames on their way at once, an eighth of the memory.</summary>
    private const int ReserveShare = 8;

    private const int Headroom = 256; // where the kernel puts a frame in its chunk, XDP_PACKET_HEADROOM

    private readonly IXskKick _kick;
    private readonly MergedFrames? _merged;
    private readonly ulong[] _reserve;
    private int _reserved;
    private readonly byte* _frames;
    private readonly ulong _chunkMask;
    private readonly uint* _transmitFlags;
    private ProducerRing<ulong> _fill;
    private ConsumerRing<ulong> _completion;
    private ConsumerRing<xdp_desc> _receive;
    private ProducerRing<xdp_desc> _transmit;

    internal XskPort(in XskRings rings, IXskKick kick)
    {
        _kick = kick;
        _frames = rings.Frames;
        _chunkMask = ~(ulong)(rings.ChunkSize - 1);
        _transmitFlags = rings.Transmit.Flags;
        _fill = rings.Fill.AsProducer();
        _completion = rings.Completion.AsConsumer();
        _receive = rings.Receive.AsConsumer();
        _transmit = rings.Transmit.AsProducer();
        _merged = rings.Merged;
        _reserve = new ulong[_merged is null ? 0 : rings.FrameCount / ReserveShare];
        for (uint i = 0; i < rings.FrameCount; i++)
        {
            GiveBack(i * (ulong)rings.ChunkSize);
        }

        _fill.Publish();
    }

    /// <inheritdoc/>
    public readonly bool HasBacklog => _transmit.HasBacklog || _merged is { HasPieces: true };

    /// <inheritdoc/>
    public int Receive(Span<Frame> batch)
    {
        while (_completion.TryPop(out ulong sent))
        {
            GiveBack(sent & _chunkMask);
        }

        _completion.Release();
        int count = _merged is { HasPieces: true } ? TakePieces(batch) : 0;
        while (count < batch.Length && _merged is not { HasPieces: true } && _receive.TryPop(out xdp_desc arrived))
        {
            if (_merged is { } merged
                && merged.Takes(arrived.options, new Span<byte>(_frames + arrived.addr, (int)arrived.len)))
            {
                count += TakePart(arrived, batch[count..]);
                continue;
            }

            batch[count++] = new Frame(arrived.addr, (int)arrived.len);
        }

        _receive.Release();
        _fill.Publish(); // also what was recycled since the last turn
        KickUntilTaken(); // for what an earlier turn left: this one may have nothing to send
        return count;
    }

    /// <inheritdoc/>
    public readonly Span<byte> Bytes(Frame frame) => new(_frames + frame.Address, frame.Length);

    /// <inheritdoc/>
    public readonly bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets)
    {
        ulong room = (frame.Address | ~_chunkMask) + 1 - frame.Address; // to the end of its chunk
        if ((ulong)octets.Length > room)
        {
            return false;
        }

        octets.CopyTo(new Span<byte>(_frames + frame.Address, octets.Length));
        frame = frame with { Length = octets.Length };
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>The memory has many more frames than anybody keeps.</remarks>
    public readonly bool TryKeep(ref Frame frame) => true;

    /// <inheritdoc/>
    public int Transmit(ReadOnlySpan<Frame> frames)
    {
        int queued = 0;
        while (queued < frames.Length
            && _transmit.TryPush(new xdp_desc { addr = frames[queued].Address, len = (uint)frames[queued].Length }))
        {
            queued++;
        }

        for (int i = queued; i < frames.Length; i++)
        {
            Recycle(frames[i]);
        }

        if (queued > 0)
        {
            _transmit.Publish();
            KickUntilTaken();
        }

        return queued;
    }

    /// <inheritdoc/>
    public void Recycle(Frame frame) => GiveBack(frame.Address & _chunkMask);

    /// <summary>A part of a frame that lies in several chunks; with its last part come its first segments.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int TakePart(in xdp_desc part, Span<Frame> batch)
    {
        _merged!.Add(
            new ReadOnlySpan<byte>(_frames + part.addr, (int)part.len), (part.options & XdpAbi.Continues) == 0);
        GiveBack(part.addr & _chunkMask);
        return TakePieces(batch);
    }

    /// <summary>Takes segments as long as there are chunks for them. The rest waits for the next turn.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int TakePieces(Span<Frame> batch)
    {
        int count = 0;
        while (count < batch.Length && _merged!.HasPieces && _reserved > 0)
        {
            ulong at = _reserve[--_reserved] + Headroom;
            int length = _merged.Write(new Span<byte>(_frames + at, (int)(~_chunkMask + 1) - Headroom));
            batch[count++] = new Frame(at, length);
        }

        return count;
    }

    /// <summary>To the reserve first: while it is empty, a merged frame waits.</summary>
    private void GiveBack(ulong chunk)
    {
        if (_reserved < _reserve.Length)
        {
            _reserve[_reserved++] = chunk;
        }
        else
        {
            _fill.TryPush(chunk);
        }
    }

    /// <summary>
    /// A kick that moved nothing is the last: frames sent earlier fill the driver's ring or the socket's buffer, and
    /// only time helps.
    /// </summary>
    private readonly void KickUntilTaken()
    {
        uint waiting = _transmit.Waiting;
        for (int i = 0; i < KicksPerBatchMax && waiting > 0; i++)
        {
            bool wanted = (Volatile.Read(ref *_transmitFlags) & XdpAbi.RingNeedsWakeup) != 0;
            uint before = waiting;
            if (!wanted || !_kick.Kick() || (waiting = _transmit.Waiting) == before)
            {
                return;
            }
        }
    }
}
