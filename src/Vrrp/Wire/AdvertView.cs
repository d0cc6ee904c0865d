using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Reads an advertisement of version 2 or 3 in place. All accessors speak host order; none can fail.</summary>
/// <remarks>
/// RFC 3768 section 5.1 and RFC 9568 section 5.1; an address has 4 octets or 16:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
/// v2 |   Auth Type   |   Adver Int   |          Checksum          |
/// v3 |(rsvd) |   Max Advertise Int   |          Checksum          |
/// |                   IP Address (1) ... (n)                      |
/// v2 |              Authentication Data (8 octets)                |
/// </code>
/// </remarks>
public readonly ref struct AdvertView
{
    /// <summary>Octets of version 2's trailer, which is there even if there is no authentication.</summary>
    public const int AuthenticationSize = 8;

    internal const int AuthenticationTypeOffset = 4, IntervalOffset = 5, IntervalV3Offset = 4, ChecksumOffset = 6;
    internal const int IntervalV3Mask = 0x0FFF;

    private const long MicrosecondsPerSecond = 1_000_000, MicrosecondsPerCentisecond = 10_000;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _addressSize;

    private AdvertView(ReadOnlySpan<byte> message, int addressSize)
    {
        _message = message;
        _addressSize = addressSize;
    }

    /// <summary>
    /// The only door in: the message has exactly the octets that its own version and count of addresses ask for.
    /// </summary>
    /// <param name="message">From the first octet of the VRRP message to the end of the packet.</param>
    /// <param name="isV4">Whether it came in an IPv4 packet: that decides the size of an address.</param>
    /// <param name="view">The message, if true is returned.</param>
    public static bool TryOpen(ReadOnlySpan<byte> message, bool isV4, out AdvertView view)
    {
        int addressSize = isV4 ? VrrpAddress.SizeV4 : VrrpAddress.SizeV6;
        bool fits = message.Length >= VrrpHeaderView.Size
            && message.Length == SizeOf(
                message[VrrpHeaderView.VersionAndTypeOffset] >> 4, message[VrrpHeaderView.CountOffset], addressSize);
        view = fits ? new AdvertView(message, addressSize) : default;
        return fits;
    }

    /// <summary>Octets of a message with that many addresses.</summary>
    public static int SizeOf(int version, int count, int addressSize) => VrrpHeaderView.Size
        + (count * addressSize) + (version == VrrpVersion.Two ? AuthenticationSize : 0);

    /// <summary>Version 2: the octet that says what the trailer holds.</summary>
    public AuthenticationType AuthenticationType => (AuthenticationType)_message[AuthenticationTypeOffset];

    /// <summary>Advertisement interval, microseconds; 0 is possible and invalid.</summary>
    public long IntervalMicroseconds => IsVersion2
        ? _message[IntervalOffset] * MicrosecondsPerSecond
        : (BinaryPrimitives.ReadUInt16BigEndian(_message[IntervalV3Offset..]) & IntervalV3Mask)
            * MicrosecondsPerCentisecond;

    /// <summary>Whether the checksum fits that covers the message alone: version 2's, and RFC 9568's on IPv4.</summary>
    public bool IsIntact => InternetChecksum.Of(_message) == 0;

    /// <summary>Number of virtual addresses.</summary>
    public int Count => _message[VrrpHeaderView.CountOffset];

    /// <summary>
    /// One of the virtual addresses; <paramref name="index"/> is below <see cref="Count"/>.
    /// </summary>
    public VrrpAddress Address(int index) =>
        VrrpAddress.Read(_message.Slice(VrrpHeaderView.Size + (index * _addressSize), _addressSize));

    /// <summary>Version 2: the trailer as one big-endian number.</summary>
    public ulong AuthenticationData => BinaryPrimitives.ReadUInt64BigEndian(_message[^AuthenticationSize..]);

    /// <summary>Whether the checksum fits that covers a pseudo-header too: version 3's.</summary>
    public bool IsIntactBetween(VrrpAddress source, VrrpAddress destination) =>
        InternetChecksum.Of(_message, source, destination, AdvertReader.Protocol) == 0;

    /// <summary>Whether it carries that address.</summary>
    public bool Carries(VrrpAddress address)
    {
        int i = 0;
        while (i < Count && Address(i) != address)
        {
            i++;
        }

        return i < Count;
    }

    /// <summary>
    /// Whether it carries these addresses and no others, in any order. Quadratic; both fit in a packet.
    /// </summary>
    public bool CarriesExactly(ReadOnlySpan<VrrpAddress> addresses)
    {
        bool same = Count == addresses.Length;
        for (int i = 0; same && i < addresses.Length; i++)
        {
            same = Carries(addresses[i]);
        }

        return same;
    }

    private bool IsVersion2 => _message[VrrpHeaderView.VersionAndTypeOffset] >> 4 == VrrpVersion.Two;
}
