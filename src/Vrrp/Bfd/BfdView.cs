using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>Reads a BFD control packet in place. All accessors speak host order; none can fail.</summary>
/// <remarks>
/// RFC 5880 section 4.1, the mandatory section:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
/// |                       My Discriminator                        |
/// |                      Your Discriminator                       |
/// |                    Desired Min TX Interval                    |
/// |                   Required Min RX Interval                    |
/// |                 Required Min Echo RX Interval                 |
/// </code>
/// </remarks>
public readonly ref struct BfdView
{
    /// <summary>Octets of the mandatory section.</summary>
    public const int Size = 24;

    internal const int VersionOffset = 0, FlagsOffset = 1, MultiplierOffset = 2, LengthOffset = 3;
    internal const int DiscriminatorOffset = 4, YourDiscriminatorOffset = 8, MinTxOffset = 12, MinRxOffset = 16;
    internal const int PollFlag = 0x20, FinalFlag = 0x10, AuthenticationFlag = 0x04, MultipointFlag = 0x01;

    private readonly ReadOnlySpan<byte> _packet;

    private BfdView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>
    /// The only door in: the mandatory section is there, and no octet that its length speaks of is missing.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> packet, out BfdView view)
    {
        bool fits = packet.Length >= Size
            && packet[LengthOffset] >= Size
            && packet[LengthOffset] <= packet.Length;
        view = fits ? new BfdView(packet) : default;
        return fits;
    }

    /// <summary>1, or another idea of the protocol.</summary>
    public int Version => _packet[VersionOffset] >> 5;

    /// <summary>Why the sender's session last left Up.</summary>
    public BfdDiagnostic Diagnostic => (BfdDiagnostic)(_packet[VersionOffset] & 0x1F);

    /// <summary>State of the sender.</summary>
    public BfdSession Session => (BfdSession)(_packet[FlagsOffset] >> 6);

    /// <summary>It wants an answer.</summary>
    public bool IsPoll => (_packet[FlagsOffset] & PollFlag) != 0;

    /// <summary>It is an answer.</summary>
    public bool IsFinal => (_packet[FlagsOffset] & FinalFlag) != 0;

    /// <summary>An authentication section follows.</summary>
    public bool IsAuthenticated => (_packet[FlagsOffset] & AuthenticationFlag) != 0;

    /// <summary>Reserved; must be zero.</summary>
    public bool IsMultipoint => (_packet[FlagsOffset] & MultipointFlag) != 0;

    /// <summary>The sender's detection multiplier.</summary>
    public byte Multiplier => _packet[MultiplierOffset];

    /// <summary>The sender's discriminator.</summary>
    public uint Discriminator => Word(DiscriminatorOffset);

    /// <summary>What the sender knows of the receiver's discriminator; 0 is nothing.</summary>
    public uint YourDiscriminator => Word(YourDiscriminatorOffset);

    /// <summary>How often the sender wants to send, microseconds.</summary>
    public uint MinTxMicroseconds => Word(MinTxOffset);

    /// <summary>How often the sender can hear, microseconds.</summary>
    public uint MinRxMicroseconds => Word(MinRxOffset);

    private uint Word(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_packet.Slice(offset, sizeof(uint)));
}
