using System;
using System.Buffers.Binary;
using System.Net;

namespace XdpLvs.Lab.Wire;

/// <summary>A frame from a tap, with the few questions the lab asks. A frame too short for one says no.</summary>
/// <param name="us">Microseconds of <see cref="LabClock"/>.</param>
/// <param name="isInbound">True when it came from the cable, false when it went into it.</param>
/// <param name="octets">From the Ethernet header on.</param>
public sealed class CapturedFrame(long us, bool isInbound, byte[] octets)
{
    /// <summary>Octets of an Ethernet II header without a tag.</summary>
    public const int EthernetSize = 14;

    private const int ArpType = 0x0806, Ipv4Type = 0x0800, TcpProtocol = 6, VrrpProtocol = 112;
    private const int SynFlag = 0x02, RstFlag = 0x04, AckFlag = 0x10;

    /// <summary>When the tap read it; microseconds of <see cref="LabClock"/>.</summary>
    public long Us => us;

    /// <summary>True when it came from the cable, false when it went into it.</summary>
    public bool IsInbound => isInbound;

    /// <summary>The whole frame.</summary>
    public ReadOnlySpan<byte> Octets => octets;

    /// <summary>An ARP packet whose sender and target are the same address, sent to everybody.</summary>
    public bool IsGratuitousArp => IsArp
        && Octets[..6].IndexOfAnyExcept((byte)0xff) < 0
        && Octets.Slice(28, 4).SequenceEqual(Octets.Slice(38, 4));

    /// <summary>The sender's address in an ARP packet.</summary>
    public string ArpSender => IsArp ? Address(28) : "";

    /// <summary>A VRRP advert.</summary>
    public bool IsVrrp => IsIpv4(VrrpProtocol) && octets.Length >= Layer4 + 8;

    /// <summary>Virtual router id of an advert.</summary>
    public int VrrpId => IsVrrp ? octets[Layer4 + 1] : -1;

    /// <summary>Priority of an advert; 0 says "I am leaving".</summary>
    public int VrrpPriority => IsVrrp ? octets[Layer4 + 2] : -1;

    /// <summary>A TCP segment with its whole header.</summary>
    public bool IsTcp => IsIpv4(TcpProtocol) && octets.Length >= Layer4 + 20;

    /// <summary>The first segment of a connection.</summary>
    public bool IsTcpSyn => IsTcp && (octets[Layer4 + 13] & (SynFlag | AckFlag)) == SynFlag;

    /// <summary>A refusal.</summary>
    public bool IsTcpReset => IsTcp && (octets[Layer4 + 13] & RstFlag) != 0;

    /// <summary>IPv4 source, dotted; empty when it is not IPv4.</summary>
    public string Source => IsIp ? Address(EthernetSize + 12) : "";

    /// <summary>IPv4 destination, dotted; empty when it is not IPv4.</summary>
    public string Destination => IsIp ? Address(EthernetSize + 16) : "";

    /// <summary>TCP source port.</summary>
    public int SourcePort => IsTcp ? Short(Layer4) : -1;

    /// <summary>TCP destination port.</summary>
    public int DestinationPort => IsTcp ? Short(Layer4 + 2) : -1;

    /// <summary>TCP sequence number.</summary>
    public uint Sequence => IsTcp ? BinaryPrimitives.ReadUInt32BigEndian(octets.AsSpan(Layer4 + 4)) : 0;

    /// <summary>Octets of the IPv4 packet with its Ethernet header; what follows is padding of a short frame.</summary>
    public int Length => IsIp ? Math.Min(octets.Length, EthernetSize + Short(EthernetSize + 2)) : octets.Length;

    /// <summary>Where the layer above IPv4 begins.</summary>
    internal int Layer4 => EthernetSize + ((octets[EthernetSize] & 0x0f) * 4);

    /// <summary>An ARP packet.</summary>
    public bool IsArp => octets.Length >= 42 && Short(12) == ArpType;

    private bool IsIp => octets.Length >= EthernetSize + 20 && Short(12) == Ipv4Type;

    private bool IsIpv4(int protocol) => IsIp && octets[EthernetSize + 9] == protocol;

    private int Short(int offset) => BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(offset));

    private string Address(int offset) => new IPAddress(octets.AsSpan(offset, 4)).ToString();
}
