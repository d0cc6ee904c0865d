namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>One ring as it lies in shared memory.</summary>
/// <typeparam name="T">What a slot holds.</typeparam>
internal unsafe struct RingMemory<T>
    where T : unmanaged
{
    internal uint* Producer, Consumer, Flags;
    internal T* Slots;
    internal uint Capacity;

    internal readonly ProducerRing<T> AsProducer() => new(Producer, Consumer, Slots, Capacity);

    internal readonly ConsumerRing<T> AsConsumer() => new(Producer, Consumer, Slots, Capacity);
}

/// <summary>The four rings of an AF_XDP socket and the frame memory they speak of.</summary>
/// <remarks>Slots of fill and completion are frame addresses: octets from the start of the frame memory.</remarks>
internal unsafe struct XskRings
{
    internal RingMemory<ulong> Fill, Completion;
    internal RingMemory<xdp_desc> Receive, Transmit;
    internal byte* Frames;
    internal uint FrameCount, ChunkSize;

    /// <summary>Where frames that are longer than a chunk are put together; null where none can come.</summary>
    internal MergedFrames? Merged;
}

/// <summary>Tells the kernel that there is something to send. The real one is a socket; a test counts.</summary>
internal interface IXskKick
{
    /// <summary>
    /// Asks the kernel to take from the transmit ring. False when it took none and wants to be asked later.
    /// </summary>
    bool Kick();
}
