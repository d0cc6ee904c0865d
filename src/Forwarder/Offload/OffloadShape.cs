using System.Numerics;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Offload;

/// <summary>The memory that an offload works on.</summary>
/// <param name="Beat">When the director was last seen.</param>
/// <param name="Directors">Whose frames are not forwarded.</param>
/// <param name="WordsV4">Slots of IPv4 flows.</param>
/// <param name="DeadlinesV4">Their deadlines.</param>
/// <param name="WordsV6">Slots of IPv6 flows.</param>
/// <param name="Targets">Real servers.</param>
/// <param name="Counts">What went to them.</param>
/// <param name="Exits">Interfaces by number of exit; 0 is where the frame came in.</param>
internal sealed record OffloadMaps(
    BpfMap Beat, BpfMap Directors, BpfMap WordsV4, BpfMap DeadlinesV4, BpfMap WordsV6, BpfMap Targets, BpfMap Counts,
    BpfMap Exits);

/// <summary>Its sizes, which are constants in the program.</summary>
/// <param name="SlotsV4">A power of two.</param>
/// <param name="SlotsV6">A power of two.</param>
/// <param name="Seeds">Of the hashes.</param>
/// <param name="Targets">Real servers by number, a power of two; those above are left to user space.</param>
/// <param name="Processors">A power of two, no less than there may ever be.</param>
/// <param name="ReturnsByRedirect">Frames go back out by a redirect: what a veth needs, whose other end takes an
/// XDP_TX only if it has a program itself.</param>
internal sealed record OffloadShape(
    int SlotsV4, int SlotsV6, FlowSeeds Seeds, int Targets, int Processors, bool ReturnsByRedirect)
{
    /// <summary>Octets, as a power of two, of one processor's counters.</summary>
    internal int CountsShift => OffloadLayout.CountShift + BitOperations.Log2((uint)Targets);
}
