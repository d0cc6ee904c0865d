using System;
using XdpLvs.Config;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Forwarding;

/// <summary>Whether XDP programs forward by themselves, and the memory that they share with this process.</summary>
/// <param name="Memory">Of all interfaces.</param>
/// <param name="Targets">Real servers by number that an interface's program has room for.</param>
/// <param name="IsRequired">Where an interface cannot have it, the daemon does not start.</param>
internal sealed record OffloadPlan(OffloadMemory Memory, int Targets, bool IsRequired)
{
    private const int TargetsMin = 1024;

    /// <summary>Takes the memory if it is wanted.</summary>
    /// <param name="mode">As configured or asked for.</param>
    /// <param name="io">AF_PACKET rings have no program.</param>
    /// <param name="flows">IPv4 flows at once.</param>
    /// <param name="flowsV6">IPv6 flows at once.</param>
    /// <param name="reals">Real servers that are configured.</param>
    /// <param name="say">Hears one line when it is not to be had.</param>
    /// <exception cref="LinuxException">It is required and the kernel gives no memory.</exception>
    internal static OffloadPlan? Make(
        OffloadMode mode, IoChoice io, int flows, int flowsV6, int reals, Action<string> say)
    {
        if (mode == OffloadMode.Off || io == IoChoice.Packet)
        {
            return mode == OffloadMode.On
                ? throw new LinuxException("offload", "--io packet", Errno.EINVAL,
                    "'offload on' needs XDP; use another --io, or offload auto")
                : null;
        }

        try
        {
            OffloadMemory memory = OffloadMemory.Create(flows, flowsV6, FlowSeeds.Draw(new Random()));
            return new OffloadPlan(memory, Math.Max(TargetsMin, reals * 2), mode == OffloadMode.On);
        }
        catch (LinuxException refused) when (mode == OffloadMode.Auto)
        {
            say($"offload: off: {refused.Message}");
            return null;
        }
    }
}
