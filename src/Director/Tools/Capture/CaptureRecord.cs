using System;
using System.Buffers.Binary;

namespace XdpLvs.Director.Tools.Capture;

/// <summary>What a record of a capture stream says.</summary>
internal enum CaptureKind
{
    /// <summary>A frame that came in.</summary>
    In,

    /// <summary>A frame that went out.</summary>
    Out,

    /// <summary>How many frames were lost so far.</summary>
    Lost,

    /// <summary>The same, and nothing follows.</summary>
    End,
}

/// <summary>The header of a record, between daemon and command; little endian, as both run on one machine.</summary>
/// <param name="Length">Octets of the frame that follows; 0 when none does.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Of a frame: when, in ticks of 100 ns since the year 1, UTC. Else: frames lost.</param>
internal readonly record struct CaptureRecord(int Length, CaptureKind Kind, long Value)
{
    /// <summary>Octets of a header.</summary>
    internal const int Size = 16;

    /// <summary>No frame is longer.</summary>
    internal const int LengthMax = 64 * 1024;

    /// <summary>Reads a header.</summary>
    internal static CaptureRecord Read(ReadOnlySpan<byte> octets) => new(
        BinaryPrimitives.ReadInt32LittleEndian(octets),
        (CaptureKind)BinaryPrimitives.ReadInt32LittleEndian(octets[4..]),
        BinaryPrimitives.ReadInt64LittleEndian(octets[8..]));

    /// <summary>Writes it.</summary>
    internal void Write(Span<byte> octets)
    {
        BinaryPrimitives.WriteInt32LittleEndian(octets, Length);
        BinaryPrimitives.WriteInt32LittleEndian(octets[4..], (int)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(octets[8..], Value);
    }
}
