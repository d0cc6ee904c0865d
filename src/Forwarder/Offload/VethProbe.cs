using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;
using XdpLvs.Linux.Sockets;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Offload;

/// <summary>
/// Whether the other end of a veth takes frames from an XDP program. Nobody can be asked: it may be in another network
/// namespace. So one frame is sent, and the driver's count of those that the other end took is read.
/// </summary>
/// <remarks>
/// Linux drivers/net/veth.c, veth_xdp_xmit: the other end must poll, which it does while it has a program or generic
/// receive offload is on.
/// </remarks>
public static class VethProbe
{
    private const int HelperRedirectMap = 51, FrameSize = 64;
    private const ushort ExperimentalType = 0x88B5; // IEEE 802: for nobody
    private const string Taken = "_xdp_xmit";

    /// <summary>Why it takes none, and what would help; null when it takes them.</summary>
    public static string? Refusal(Nic nic)
    {
        try
        {
            long before = CountTaken(nic.Name);
            Send(nic);
            return CountTaken(nic.Name) > before
                ? null
                : $"the other end of the veth {nic.Name} takes no frames from an XDP program; "
                    + "'ethtool -K PEER gro on' there lets it";
        }
        catch (LinuxException refused)
        {
            return refused.Message;
        }
    }

    private static long CountTaken(string name)
    {
        long taken = 0;
        foreach ((string counter, long value) in LinkCounters.Read(name))
        {
            taken += counter.EndsWith(Taken, StringComparison.Ordinal) ? value : 0;
        }

        return taken;
    }

    /// <summary>A frame from the interface to itself, of a type that is for experiments: a bridge drops it.</summary>
    private static void Send(Nic nic)
    {
        using var exits = new BpfMap(BpfMapType.DevMap, sizeof(int), sizeof(int), 1, "xdplvs_probe");
        exits.Set(0, nic.Index);
        var to = new BpfAssembler();
        to.LoadMap(R1, exits);
        to.Do(Arithmetic.Move, R2, 0);
        to.Do(Arithmetic.Move, R3, 0);
        to.Call(HelperRedirectMap);
        to.Exit();
        using BpfProgram program = BpfProgram.LoadXdp(to.Assemble(), "xdplvs_probe");
        byte[] frame = new byte[FrameSize];
        nic.Mac.CopyTo(frame);
        nic.Mac.CopyTo(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), ExperimentalType);
        program.RunLive(frame, 1);
    }
}
