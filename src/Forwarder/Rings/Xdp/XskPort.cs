using System;
using System.Threading;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>Frames of one AF_XDP socket: one queue of one interface.</summary>
/// <remarks>
/// Every frame of the memory is always in exactly one place: fill ring, receive ring, the caller's hands,
/// transmit ring, completion ring. Fill and completion rings have room for all of them, so giving back never fails.
/// One thread owns a port. Linux Documentation/networking/af_xdp.rst.
/// </remarks>
public unsafe struct XskPort : IFramePort
{
    /// <summary>
    /// One kick sends at most 32 frames in copy mode; a few cover a batch, the rest waits for the next turn.
    /// </summary>
    private const int KicksPerBatchMax = 4;

    private readonly IXskKick _kick;
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
        for (uint i = 0; i < rings.FrameCount; i++)
        {
            _fill.TryPush(i * (ulong)rings.ChunkSize);
        }

        _fill.Publish();
    }

    /// <inheritdoc/>
    public readonly bool HasBacklog => _transmit.HasBacklog;

    /// <inheritdoc/>
    public int Receive(Span<Frame> batch)
    {
        while (_completion.TryPop(out ulong sent))
        {
            _fill.TryPush(sent & _chunkMask);
        }

        _completion.Release();
        int count = 0;
        while (count < batch.Length && _receive.TryPop(out xdp_desc arrived))
        {
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
    public void Recycle(Frame frame) => _fill.TryPush(frame.Address & _chunkMask);

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
