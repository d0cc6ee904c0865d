using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Reads the IPsec authentication header that keepalived's auth_type AH puts before an advert.</summary>
/// <remarks>
/// RFC 4302 section 2. Read to be named and refused: an HMAC-MD5 over a changing header that no RFC of VRRP asks for
/// since 2004 is not worth speaking.
/// </remarks>
public readonly ref struct AuthenticationHeaderView
{
    /// <summary>The IP protocol number.</summary>
    public const byte Protocol = 51;

    private const int NextHeaderOffset = 0, LengthOffset = 1, SequenceOffset = 8, FixedSize = 12, WordSize = 4;

    private readonly ReadOnlySpan<byte> _octets;
    private readonly int _size;

    private AuthenticationHeaderView(ReadOnlySpan<byte> octets, int size)
    {
        _octets = octets;
        _size = size;
    }

    /// <summary>The only door in: a whole header, as long as it says.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> octets, out AuthenticationHeaderView view)
    {
        view = default;
        if (octets.Length < FixedSize)
        {
            return false;
        }

        int size = (octets[LengthOffset] + 2) * WordSize;
        bool fits = size >= FixedSize && size <= octets.Length;
        view = fits ? new AuthenticationHeaderView(octets, size) : default;
        return fits;
    }

    /// <summary>Protocol of what follows; 112 is VRRP.</summary>
    public byte NextHeader => _octets[NextHeaderOffset];

    /// <summary>Number of the packet.</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_octets[SequenceOffset..]);

    /// <summary>What follows.</summary>
    public ReadOnlySpan<byte> Payload => _octets[_size..];
}
