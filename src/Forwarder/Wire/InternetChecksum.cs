using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace XdpLvs.Forwarder.Wire;

/// <summary>The ones' complement checksum of IP, TCP and UDP. RFC 1071; updates in place by RFC 1624.</summary>
public static class InternetChecksum
{
    private const ushort AllOnes = 0xFFFF;

    /// <summary>Adds octets to a running sum. Only the last piece of a sum may have an odd length.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> octets)
    {
        while (octets.Length >= sizeof(uint))
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(octets);
            octets = octets[sizeof(uint)..];
        }

        if (octets.Length >= sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
            octets = octets[sizeof(ushort)..];
        }

        return octets.IsEmpty ? sum : sum + ((uint)octets[0] << 8);
    }

    /// <summary>Folds a running sum to 16 bits, carries added back in. Not complemented.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFFFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }

    /// <summary>
    /// The checksum after one 16-bit word changed from <paramref name="before"/> to <paramref name="after"/>.
    /// </summary>
    /// <remarks>RFC 1624 equation 3: HC' = ~(~HC + ~m + m').</remarks>
    public static ushort Replace(ushort checksum, ushort before, ushort after) =>
        (ushort)(Fold((ulong)(checksum ^ AllOnes) + (uint)(before ^ AllOnes) + after) ^ AllOnes);
}
