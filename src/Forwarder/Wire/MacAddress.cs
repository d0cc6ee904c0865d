using System;
using System.Buffers.Binary;
using System.Globalization;

namespace XdpLvs.Forwarder.Wire;

/// <summary>An EUI-48 address as a value. Octet 0 is the most significant of the 48 bits.</summary>
public readonly record struct MacAddress(ulong Bits)
{
    /// <summary>Reads six octets in wire order.</summary>
    public static MacAddress From(ReadOnlySpan<byte> octets) =>
        new(((ulong)BinaryPrimitives.ReadUInt32BigEndian(octets) << 16)
            | BinaryPrimitives.ReadUInt16BigEndian(octets[4..]));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Octet(0):x2}:{Octet(1):x2}:{Octet(2):x2}:{Octet(3):x2}:{Octet(4):x2}:{Octet(5):x2}");

    internal void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, (uint)(Bits >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)(Bits & 0xFFFF));
    }

    private byte Octet(int index) => (byte)((Bits >> (40 - (8 * index))) & 0xFF);
}
