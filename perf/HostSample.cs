namespace XdpLvs.Perf;

/// <summary>One measurement of one way.</summary>
/// <param name="Sent">Frames that the generator sent.</param>
/// <param name="Delivered">Frames that came back out on its cable.</param>
/// <param name="WallNs">From the first to the last.</param>
/// <param name="GeneratorNs">Time of the generator's thread; what an interrupt did with its frames is in it.</param>
/// <param name="ForwarderNs">Time of all of the forwarder's threads, likewise.</param>
internal readonly record struct HostSample(
    long Sent, long Delivered, long WallNs, long GeneratorNs, long ForwarderNs)
{
    /// <summary>Processor time that the whole machine gave for each delivered frame.</summary>
    internal double CostNs => (double)(GeneratorNs + ForwarderNs) / Delivered;

    /// <summary>Frames a second.</summary>
    internal double Rate => Delivered * 1e9 / WallNs;

    /// <summary>The share that was lost.</summary>
    internal double Loss => 1 - ((double)Delivered / Sent);
}
