namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>How the frame memory is cut into chunks.</summary>
/// <param name="ChunkSize">Octets of a chunk, a power of two.</param>
public readonly record struct UmemGeometry(uint ChunkSize)
{
    /// <summary>XDP's headroom: the kernel puts a frame this far into its chunk.</summary>
    private const uint Headroom = 256;

    /// <summary>Ethernet header and one 802.1Q tag more than the MTU counts.</summary>
    private const uint LinkOverhead = 14 + 4;

    /// <summary>The largest MTU a chunk of one 4,096-octet page can hold.</summary>
    public const uint MtuMax = 4096 - Headroom - LinkOverhead;

    /// <summary>Octets above the Ethernet header and two tags that always fit a chunk.</summary>
    public uint SegmentMax => ChunkSize - Headroom - LinkOverhead - 4;

    /// <summary>The smallest chunk that holds every frame of the MTU. False when not even a page does.</summary>
    public static bool TryFor(uint mtu, out UmemGeometry geometry)
    {
        geometry = new UmemGeometry(mtu + LinkOverhead + Headroom <= 2048 ? 2048u : 4096u);
        return mtu <= MtuMax;
    }
}
