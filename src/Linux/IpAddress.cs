using System;
using System.Buffers.Binary;
using System.Net;

namespace XdpLvs.Linux;

/// <summary>An IPv4 or IPv6 address as a value: 128 bits in host order, an IPv4 address in its mapped form.</summary>
/// <remarks>RFC 4291 section 2.5.5.2: ::ffff:a.b.c.d. So equality and hashing know one kind of address only.</remarks>
/// <param name="High">Octets 0 to 7, octet 0 most significant.</param>
/// <param name="Low">Octets 8 to 15.</param>
public readonly record struct IpAddress(ulong High, ulong Low)
{
    /// <summary>Octets of an IPv6 address on the wire.</summary>
    public const int SizeV6 = 16;

    private const int SizeV4 = 4, PrefixMaxV4 = 32, PrefixMaxV6 = 128;
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    /// <summary>Every bit set: the mask that makes each address a client of its own.</summary>
    public static IpAddress AllOnes { get; } = new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>Whether it is an IPv4 address.</summary>
    public bool IsV4 => High == 0 && Low >> 32 == 0xFFFF;

    /// <summary>The IPv4 address in host order; asked only when <see cref="IsV4"/>.</summary>
    public uint V4 => unchecked((uint)Low);

    /// <summary>Whether nothing was ever written here: neither family has this address.</summary>
    public bool IsNone => (High | Low) == 0;

    /// <summary>An IPv4 address, host order.</summary>
    public static implicit operator IpAddress(uint address) => new(0, MappedPrefix | address);

    /// <summary>Reads sixteen octets in wire order.</summary>
    public static IpAddress FromV6(ReadOnlySpan<byte> octets) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));

    /// <summary>The same address as the runtime's type.</summary>
    public static IpAddress From(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[SizeV6];
        bool fits = address.TryWriteBytes(octets, out int count);
        return fits && count == SizeV4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : FromV6(octets);
    }

    /// <summary>Reads the usual text of either family.</summary>
    public static bool TryParse(string text, out IpAddress address)
    {
        bool parses = IPAddress.TryParse(text, out IPAddress? parsed);
        address = parses ? From(parsed!) : default;
        return parses;
    }

    /// <summary>A mask of <paramref name="prefix"/> leading ones, 0 to 32 or 0 to 128.</summary>
    public static IpAddress Mask(int prefix, bool isV4)
    {
        if (isV4)
        {
            return new IpAddress(ulong.MaxValue, ~(ulong)uint.MaxValue | Ones(prefix + PrefixMaxV4));
        }

        return new IpAddress(Ones(Math.Min(prefix, 64)), Ones(Math.Max(prefix - 64, 0)));
    }

    /// <summary>The bits that a mask leaves.</summary>
    public static IpAddress operator &(IpAddress address, IpAddress mask) =>
        new(address.High & mask.High, address.Low & mask.Low);

    /// <summary>Writes it in wire order: 4 octets or 16.</summary>
    public void CopyTo(Span<byte> target)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, V4);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    /// <summary>The same address as the runtime's type.</summary>
    public IPAddress ToNet()
    {
        Span<byte> octets = stackalloc byte[SizeV6];
        CopyTo(octets);
        return new IPAddress(octets[..(IsV4 ? SizeV4 : SizeV6)]);
    }

    /// <summary>How long a mask is, when it is one; the leading ones of any other address.</summary>
    public int PrefixLength(bool isV4)
    {
        if (isV4)
        {
            return System.Numerics.BitOperations.LeadingZeroCount(~V4);
        }

        int high = System.Numerics.BitOperations.LeadingZeroCount(~High);
        return high < 64 ? high : Math.Min(PrefixMaxV6, 64 + System.Numerics.BitOperations.LeadingZeroCount(~Low));
    }

    /// <summary>Dotted, or in the shortest form of RFC 5952.</summary>
    public override string ToString() => ToNet().ToString();

    private static ulong Ones(int count) => count == 0 ? 0 : ulong.MaxValue << (64 - count);
}
