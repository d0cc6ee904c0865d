using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Reads a VRRPv2 advertisement in place. All accessors speak host order; none can fail.</summary>
/// <remarks>
/// RFC 3768 section 5.1:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
/// |   Auth Type   |   Adver Int   |          Checksum             |
/// |                   IP Address (1) ... (n)                      |
/// |                 Authentication Data (8 octets)                |
/// </code>
/// </remarks>
public readonly ref struct AdvertView
{
    /// <summary>Octets of one address.</summary>
    public const int AddressSize = 4;

    /// <summary>Octets of the trailer, which is there even if there is no authentication.</summary>
    public const int AuthenticationSize = 8;

    internal const int AuthenticationTypeOffset = 4, IntervalOffset = 5, ChecksumOffset = 6;

    private readonly ReadOnlySpan<byte> _message;

    private AdvertView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>
    /// The only door in: the message has exactly the octets that its own count of addresses asks for.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> message, out AdvertView view)
    {
        bool fits = message.Length >= VrrpHeaderView.Size
            && message.Length == SizeOf(message[VrrpHeaderView.CountOffset]);
        view = fits ? new AdvertView(message) : default;
        return fits;
    }

    /// <summary>Octets of a message with that many addresses.</summary>
    public static int SizeOf(int count) => VrrpHeaderView.Size + (count * AddressSize) + AuthenticationSize;

    /// <summary>The octet that says what the trailer holds.</summary>
    public AuthenticationType AuthenticationType => (AuthenticationType)_message[AuthenticationTypeOffset];

    /// <summary>Advertisement interval, seconds.</summary>
    public byte IntervalSeconds => _message[IntervalOffset];

    /// <summary>Whether the checksum fits: over the whole message, no pseudo-header.</summary>
    public bool IsIntact => InternetChecksum.Of(_message) == 0;

    /// <summary>Number of virtual addresses.</summary>
    public int Count => _message[VrrpHeaderView.CountOffset];

    /// <summary>
    /// One of the virtual addresses, host order; <paramref name="index"/> is below <see cref="Count"/>.
    /// </summary>
    public uint Address(int index) =>
        BinaryPrimitives.ReadUInt32BigEndian(_message.Slice(VrrpHeaderView.Size + (index * AddressSize), AddressSize));

    /// <summary>The trailer as one big-endian number.</summary>
    public ulong AuthenticationData => BinaryPrimitives.ReadUInt64BigEndian(_message[^AuthenticationSize..]);
}
