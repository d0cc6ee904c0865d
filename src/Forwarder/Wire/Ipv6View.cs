using System;
using System.Buffers.Binary;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads and writes an IPv6 header in place; what follows it is <see cref="Ipv6ChainView"/>'s.</summary>
/// <remarks>RFC 8200 section 3. Addresses and numbers are in host order.</remarks>
public readonly ref struct Ipv6View
{
    /// <summary>Octets of the header.</summary>
    public const int HeaderSize = 40;

    /// <summary>Protocol number of ICMPv6, IANA.</summary>
    public const byte ProtocolIcmp = 58;

    private const int LengthOffset = 4, NextHeaderOffset = 6, HopLimitOffset = 7, SourceOffset = 8, TargetOffset = 24;

    private readonly Span<byte> _packet;

    private Ipv6View(Span<byte> packet) => _packet = packet;

    /// <summary>
    /// The only door in: version and payload length agree with the octets there are. Link padding behind the payload
    /// is left out of the view. A jumbogram, which gives its length elsewhere, has no payload here (RFC 2675). A packet
    /// cut short by its quoter fails; see <see cref="TryOpenQuoted"/>.
    /// </summary>
    public static bool TryOpen(Span<byte> octets, out Ipv6View view)
    {
        if (TryOpenQuoted(octets, out view))
        {
            int total = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(octets[LengthOffset..]);
            if (total <= octets.Length)
            {
                view = new Ipv6View(octets[..total]);
                return true;
            }
        }

        view = default;
        return false;
    }

    /// <summary>A door for the packet inside an ICMPv6 error: its header must be whole, the rest may be cut.</summary>
    public static bool TryOpenQuoted(Span<byte> octets, out Ipv6View view)
    {
        bool fits = octets.Length >= HeaderSize && octets[0] >> 4 == 6;
        view = fits ? new Ipv6View(octets) : default;
        return fits;
    }

    /// <summary>Hops left.</summary>
    public byte HopLimit => _packet[HopLimitOffset];

    /// <summary>What follows: an extension header or the payload's protocol.</summary>
    public byte NextHeader => _packet[NextHeaderOffset];

    /// <summary>Source address.</summary>
    public IpAddress Source => IpAddress.FromV6(_packet[SourceOffset..]);

    /// <summary>Destination address.</summary>
    public IpAddress Target => IpAddress.FromV6(_packet[TargetOffset..]);

    /// <summary>Everything after the header, extension headers first, without link padding.</summary>
    public Span<byte> Payload => _packet[HeaderSize..];

    /// <summary>
    /// Whether both addresses are ones that a flow of IPv6 can have: an IPv4 address in its mapped form belongs in no
    /// header (Linux drops it too), and nobody is at the unspecified one (RFC 4291 section 2.5.2).
    /// </summary>
    public bool HasFlowAddresses
    {
        get
        {
            IpAddress source = Source, target = Target;
            return !source.IsV4 && !target.IsV4 && !source.IsNone && !target.IsNone;
        }
    }

    /// <summary>One hop fewer. The caller saw more than one left.</summary>
    public void CountHop() => _packet[HopLimitOffset]--;

    /// <summary>The sum of the pseudo-header that TCP and UDP include. RFC 8200 section 8.1.</summary>
    /// <param name="protocol">Of the payload behind all extension headers.</param>
    /// <param name="length">Octets of that payload.</param>
    public ulong PseudoHeaderSum(byte protocol, int length) =>
        InternetChecksum.Add(0, _packet.Slice(SourceOffset, 2 * IpAddress.SizeV6)) + protocol + (uint)length;
}
