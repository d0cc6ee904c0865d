using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Steps over the extension headers between an IPv6 header and what the packet carries.</summary>
/// <remarks>
/// RFC 8200 section 4; RFC 4302 section 2.2 for the authentication header. Bounded, so that the steering program can
/// do the same: <see cref="HeadersMax"/> headers of at most <see cref="HeaderSizeMax"/> octets each, and in what an
/// error quotes, which a real server sent, <see cref="QuotedHeadersMax"/>. The walk stops where it must not or cannot
/// go on, and <see cref="Protocol"/> says at what: at a longer or further header, at hop-by-hop options that do not
/// come first, at a routing header with segments left (the packet is going elsewhere), at encryption, at no next
/// header, and behind the fragment header of a piece.
/// </remarks>
public readonly ref struct Ipv6ChainView
{
    /// <summary>
    /// Extension headers that are stepped over in a packet and in a quoted one, and octets that each may have.
    /// </summary>
    public const int HeadersMax = 4, QuotedHeadersMax = 2, HeaderSizeMax = 64;

    /// <summary>Protocol numbers of extension headers, IANA.</summary>
    public const byte HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, Options = 60;

    /// <summary>Extension headers are so many octets long, or multiples of it.</summary>
    public const int Unit = 8;

    private const int LengthOffset = 1, FragmentOffset = 2, SegmentsLeftOffset = 3, IdentificationOffset = 4;
    private const ushort MoreAndOffset = 0xFFF9, OffsetOnly = 0xFFF8;

    private readonly ReadOnlySpan<byte> _fragment;

    private Ipv6ChainView(byte protocol, int size, ReadOnlySpan<byte> fragment)
    {
        Protocol = protocol;
        Size = size;
        _fragment = fragment;
    }

    /// <summary>The only door in: every header that is stepped over is whole.</summary>
    /// <param name="first">The IPv6 header's next header.</param>
    /// <param name="octets">All that follows that header.</param>
    /// <param name="headersMax"><see cref="HeadersMax"/> or <see cref="QuotedHeadersMax"/>.</param>
    /// <param name="view">What the walk found.</param>
    public static bool TryOpen(byte first, ReadOnlySpan<byte> octets, int headersMax, out Ipv6ChainView view)
    {
        byte next = first;
        ReadOnlySpan<byte> rest = octets, fragment = default;
        view = default;
        for (int i = 0; i < headersMax && fragment.IsEmpty && IsExtension(next, isFirst: i == 0); i++)
        {
            if (rest.Length < Unit)
            {
                return false;
            }

            int size = SizeOf(next, rest);
            if (size == 0)
            {
                break;
            }

            if (size > rest.Length)
            {
                return false;
            }

            bool isPiece = next == Fragment
                && (BinaryPrimitives.ReadUInt16BigEndian(rest[FragmentOffset..]) & MoreAndOffset) != 0;
            fragment = isPiece ? rest[..Unit] : default; // an atomic fragment is a whole packet, RFC 6946
            next = rest[0];
            rest = rest[size..];
        }

        view = new Ipv6ChainView(next, octets.Length - rest.Length, fragment);
        return true;
    }

    /// <summary>What stands behind the headers that were stepped over.</summary>
    public byte Protocol { get; }

    /// <summary>Octets of the headers that were stepped over.</summary>
    public int Size { get; }

    /// <summary>Whether this is one piece of a larger packet: then <see cref="Identification"/> may be asked.</summary>
    public bool IsFragment => !_fragment.IsEmpty;

    /// <summary>Whether this is a piece other than the first, which has no transport header.</summary>
    public bool IsLaterFragment =>
        IsFragment && (BinaryPrimitives.ReadUInt16BigEndian(_fragment[FragmentOffset..]) & OffsetOnly) != 0;

    /// <summary>What all pieces of a packet have in common, with the addresses.</summary>
    public uint Identification => BinaryPrimitives.ReadUInt32BigEndian(_fragment[IdentificationOffset..]);

    private static bool IsExtension(byte header, bool isFirst) =>
        header is Routing or Fragment or Authentication or Options || (header == HopByHop && isFirst);

    /// <summary>0 for a header that is not stepped over.</summary>
    private static int SizeOf(byte header, ReadOnlySpan<byte> octets)
    {
        int length = octets[LengthOffset];
        int size = header switch
        {
            Fragment => Unit,
            Routing when octets[SegmentsLeftOffset] != 0 => 0,
            Authentication when length % 2 != 0 => 0, // in IPv6 it must fill units of eight octets
            Authentication => (length + 2) * 4,
            _ => (length + 1) * Unit,
        };
        return size <= HeaderSizeMax ? size : 0;
    }
}
