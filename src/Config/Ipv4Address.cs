using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>An IPv4 address as a number in host order: 10.0.0.1 is 0x0A000001.</summary>
/// <param name="Value">The address, most significant octet first in value, whatever the machine.</param>
public readonly record struct Ipv4Address(uint Value)
{
    private const int OctetCount = 4;

    /// <summary>The dotted form.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Value >> 24}.{(Value >> 16) & 0xFF}.{(Value >> 8) & 0xFF}.{Value & 0xFF}");

    /// <summary>Reads four decimal octets and nothing else: no shortened forms, no octal, no hexadecimal.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address)
    {
        address = default;
        uint value = 0, octet = 0;
        int octets = 0, digits = 0;
        foreach (char c in text)
        {
            if (c == '.' && digits > 0 && octets < OctetCount - 1)
            {
                value = (value << 8) | octet;
                (octet, digits, octets) = (0, 0, octets + 1);
            }
            else if (char.IsAsciiDigit(c) && digits < 3 && !(digits > 0 && octet == 0))
            {
                octet = (octet * 10) + (uint)(c - '0');
                digits++;
            }
            else
            {
                return false;
            }

            if (octet > byte.MaxValue)
            {
                return false;
            }
        }

        address = new Ipv4Address((value << 8) | octet);
        return digits > 0 && octets == OctetCount - 1;
    }

    /// <summary>The address in an <see cref="IPAddress"/>; false if that is not IPv4.</summary>
    public static bool TryFrom(IPAddress general, out Ipv4Address address)
    {
        bool isIpv4 = general.AddressFamily == AddressFamily.InterNetwork;
        address = isIpv4 ? new(BinaryPrimitives.ReadUInt32BigEndian(general.GetAddressBytes())) : default;
        return isIpv4;
    }

    /// <summary>The same address in the type that knows both families.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[OctetCount];
        BinaryPrimitives.WriteUInt32BigEndian(octets, Value);
        return new IPAddress(octets);
    }

    /// <summary>The netmask with <paramref name="prefixLength"/> leading ones, 0 to 32.</summary>
    public static Ipv4Address Mask(int prefixLength) =>
        new(prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength));

    /// <summary>Whether the ones of this mask stand together at the front, so that it is a netmask.</summary>
    public bool IsNetmask => (~Value & unchecked(~Value + 1)) == 0;

    /// <summary>Whether a host can own the address: neither 0.0.0.0 nor multicast nor above.</summary>
    public bool IsHost => Value is not 0 and < 0xE0000000;
}
