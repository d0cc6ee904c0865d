using System;
using System.Buffers.Binary;
using System.Numerics;

namespace XdpLvs.Forwarder.Wire;

/// <summary>The checksum of SCTP: Castagnoli's polynomial, bits reflected, ones before and after.</summary>
/// <remarks>RFC 9260 appendix A. By the processor's instruction where there is one, else by tables.</remarks>
public static class Crc32c
{
    /// <summary>Of these octets and no others.</summary>
    public static uint Of(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        while (octets.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        foreach (byte octet in octets)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}
