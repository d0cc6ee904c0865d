using System.Threading;

namespace XdpLvs.Forwarder.Rings;

/// <summary>Our half of a ring the kernel fills and we empty: AF_XDP's receive and completion rings.</summary>
/// <remarks>Indices as in <see cref="ProducerRing{T}"/>; here the kernel is the producer.</remarks>
internal unsafe struct ConsumerRing<T>(uint* producer, uint* consumer, T* slots, uint capacity)
    where T : unmanaged
{
    private readonly uint _mask = capacity - 1;
    private uint _consumed = *consumer;
    private uint _producerSeen = *producer;

    /// <summary>Takes the oldest slot. False when the ring is empty.</summary>
    public bool TryPop(out T item)
    {
        if (_consumed == _producerSeen)
        {
            _producerSeen = Volatile.Read(ref *producer); // acquire: the slots were written before the index
            if (_consumed == _producerSeen)
            {
                item = default;
                return false;
            }
        }

        item = slots[_consumed & _mask];
        _consumed = unchecked(_consumed + 1);
        return true;
    }

    /// <summary>Gives every popped slot back to the kernel at once.</summary>
    public readonly void Release() => Volatile.Write(ref *consumer, _consumed); // release: reads first, index after
}
