using System;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Packets;

namespace XdpLvs.Forwarder.Tables;

/// <summary>What a <see cref="PlainFrame"/> needs of a real server, in 16 octets.</summary>
/// <remarks>Layout, shared with the XDP program: both MACs as they stand in a frame, then two 16-bit numbers.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct PlainTarget
{
    private PlainTarget(ulong macs, uint macsEnd, ushort sizeMax, ushort exit)
    {
        Macs = macs;
        MacsEnd = macsEnd;
        SizeMax = sizeMax;
        Exit = exit;
    }

    /// <summary>The first eight octets of its frames, in wire order.</summary>
    internal ulong Macs { get; }

    /// <summary>The next four.</summary>
    internal uint MacsEnd { get; }

    /// <summary>Octets of the largest IP packet that it may get; 0 where it gets none: gone, or not resolved.</summary>
    internal ushort SizeMax { get; }

    /// <summary>See <see cref="RealServer.Exit"/>.</summary>
    internal ushort Exit { get; }

    /// <summary>All but <see cref="Macs"/>, as it lies.</summary>
    internal ulong Rest => MacsEnd | ((ulong)SizeMax << 32) | ((ulong)Exit << 48);

    /// <summary>Of a real server whose source address is known.</summary>
    internal static PlainTarget Of(in RealServer real)
    {
        if (real.Address.IsNone || !real.IsResolved || real.Exit > ushort.MaxValue)
        {
            return default;
        }

        Span<byte> octets = stackalloc byte[12];
        real.Mac.CopyTo(octets);
        real.SourceMac.CopyTo(octets[6..]);
        return new PlainTarget(
            MemoryMarshal.Read<ulong>(octets),
            MemoryMarshal.Read<uint>(octets[sizeof(ulong)..]),
            real.Mtu is > 0 and < ushort.MaxValue ? (ushort)real.Mtu : ushort.MaxValue,
            (ushort)real.Exit);
    }
}
