using System;
using System.Buffers.Binary;
using System.Net;

namespace XdpLvs.Vrrp;

/// <summary>An IPv4 or IPv6 address as a number of 128 bits, host order, an IPv4 address in its mapped form.</summary>
/// <remarks>
/// RFC 4291 section 2.5.5.2: ::ffff:a.b.c.d. Addresses of one family compare as RFC 9568 section 6.4.3 wants it:
/// unsigned, the first octet on the wire counting most.
/// </remarks>
/// <param name="High">Octets 0 to 7, octet 0 most significant.</param>
/// <param name="Low">Octets 8 to 15.</param>
public readonly record struct VrrpAddress(ulong High, ulong Low) : IComparable<VrrpAddress>
{
    /// <summary>Octets of an address on the wire.</summary>
    public const int SizeV4 = 4, SizeV6 = 16;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;
    private const int LinkLocalPrefix = 0xFE80 >> 6; // fe80::/10, RFC 4291 section 2.5.6

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsV4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>The IPv4 address in host order; asked only when <see cref="IsV4"/>.</summary>
    public uint V4 => unchecked((uint)Low);

    /// <summary>Whether it names nobody: 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => High == 0 && Low is 0 or MappedPrefix;

    /// <summary>Whether it is an IPv6 address of one link only.</summary>
    public bool IsLinkLocalV6 => (int)(High >> 54) == LinkLocalPrefix;

    /// <summary>Octets on the wire.</summary>
    public int Size => IsV4 ? SizeV4 : SizeV6;

    /// <summary>An IPv4 address, host order.</summary>
    public static implicit operator VrrpAddress(uint address) => FromUInt32(address);

    /// <summary>An IPv4 address, host order.</summary>
    public static VrrpAddress FromUInt32(uint address) => new(0, MappedPrefix | address);

    /// <summary>Reads 4 octets or 16 in wire order: as many as there are.</summary>
    public static VrrpAddress Read(ReadOnlySpan<byte> octets) => octets.Length == SizeV4
        ? FromUInt32(BinaryPrimitives.ReadUInt32BigEndian(octets))
        : new VrrpAddress(
            BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));

    /// <summary>Reads the usual text of either family.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static VrrpAddress Parse(string text)
    {
        Span<byte> octets = stackalloc byte[SizeV6];
        _ = IPAddress.Parse(text).TryWriteBytes(octets, out int count);
        return Read(octets[..count]);
    }

    /// <summary>Writes <see cref="Size"/> octets in wire order.</summary>
    public void Write(Span<byte> target)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, V4);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    /// <inheritdoc/>
    public int CompareTo(VrrpAddress other) =>
        High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    /// <summary>Whether the left one is the lower number.</summary>
    public static bool operator <(VrrpAddress left, VrrpAddress right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is the higher number.</summary>
    public static bool operator >(VrrpAddress left, VrrpAddress right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not the higher number.</summary>
    public static bool operator <=(VrrpAddress left, VrrpAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not the lower number.</summary>
    public static bool operator >=(VrrpAddress left, VrrpAddress right) => left.CompareTo(right) >= 0;

    /// <summary>Dotted, or in the shortest form of RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> octets = stackalloc byte[SizeV6];
        Write(octets);
        return new IPAddress(octets[..Size]).ToString();
    }
}
