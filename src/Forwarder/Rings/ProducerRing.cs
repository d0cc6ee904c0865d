using System.Threading;

namespace XdpLvs.Forwarder.Rings;

/// <summary>Our half of a ring we fill and the kernel empties: AF_XDP's fill and transmit rings.</summary>
/// <remarks>
/// Indices run freely over 2^32 and are masked on use, so full and empty never look alike.
/// <c>_consumerSeen</c> is our last look at the kernel's index: we look again only when the ring seems full.
/// </remarks>
internal unsafe struct ProducerRing<T>(uint* producer, uint* consumer, T* slots, uint capacity)
    where T : unmanaged
{
    private readonly uint _mask = capacity - 1;
    private uint _produced = *producer;
    private uint _consumerSeen = *consumer;

    /// <summary>Writes a slot the kernel cannot see yet. False when the ring is full.</summary>
    public bool TryPush(T item)
    {
        if (unchecked(_produced - _consumerSeen) == capacity)
        {
            _consumerSeen = Volatile.Read(ref *consumer); // acquire: the kernel is done with those slots
            if (unchecked(_produced - _consumerSeen) == capacity)
            {
                return false;
            }
        }

        slots[_produced & _mask] = item;
        _produced = unchecked(_produced + 1);
        return true;
    }

    /// <summary>Shows every pushed slot to the kernel at once.</summary>
    public readonly void Publish() => Volatile.Write(ref *producer, _produced); // release: slots first, index after

    /// <summary>Whether the kernel still has slots to take.</summary>
    public readonly bool HasBacklog => Waiting > 0;

    /// <summary>Published slots that the kernel has not taken.</summary>
    public readonly uint Waiting => unchecked(_produced - Volatile.Read(ref *consumer));
}
