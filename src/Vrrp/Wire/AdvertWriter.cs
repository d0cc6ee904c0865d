using System;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>Writes advertisements as whole IP packets, octet for octet as keepalived does.</summary>
/// <remarks>RFC 3768 and RFC 9568, section 5. Allocates nothing.</remarks>
public static class AdvertWriter
{
    private const byte VersionAndHeaderSize = 0x45;
    private const long MicrosecondsPerSecond = 1_000_000, MicrosecondsPerCentisecond = 10_000;

    /// <summary>Octets of a packet of that instance.</summary>
    public static int LengthOf(VrrpSettings self) => HeaderSizeOf(self) + MessageSizeOf(self);

    /// <summary>Writes one packet.</summary>
    /// <param name="target">At least <see cref="LengthOf"/> octets.</param>
    /// <param name="self">Who we are. At most 255 addresses; the interval is one that the version can say.</param>
    /// <param name="priority">Our effective priority, or 0 to resign.</param>
    /// <param name="destination">The group, or a unicast peer.</param>
    /// <param name="identification">IPv4 identification; a counter serves.</param>
    /// <returns>Octets written.</returns>
    public static int Write(
        Span<byte> target, VrrpSettings self, byte priority, VrrpAddress destination, ushort identification)
    {
        Span<byte> packet = target[..LengthOf(self)];
        Span<byte> message = packet[HeaderSizeOf(self)..];
        WriteMessage(message, self, priority);
        BinaryPrimitives.WriteUInt16BigEndian(
            message[AdvertView.ChecksumOffset..], ChecksumOf(message, self, destination));
        if (self.IsV6)
        {
            Ipv6Header.Write(
                packet, Ipv6Header.InternetworkControl, message.Length, AdvertReader.Protocol, self.TimeToLive,
                self.SourceAddress, destination);
        }
        else
        {
            WriteIpv4Header(packet, self, destination, identification);
        }

        return packet.Length;
    }

    private static int HeaderSizeOf(VrrpSettings self) => self.IsV6 ? Ipv6View.HeaderSize : Ipv4View.HeaderSize;

    private static int MessageSizeOf(VrrpSettings self) => AdvertView.SizeOf(
        self.Version, self.Addresses.Length, self.IsV6 ? VrrpAddress.SizeV6 : VrrpAddress.SizeV4);

    private static ushort ChecksumOf(ReadOnlySpan<byte> message, VrrpSettings self, VrrpAddress destination)
    {
        bool plain = self.Version == VrrpVersion.Two || (self.PlainChecksum && !self.IsV6);
        return plain
            ? InternetChecksum.Of(message)
            : InternetChecksum.Of(message, self.SourceAddress, destination, AdvertReader.Protocol);
    }

    private static void WriteIpv4Header(
        Span<byte> packet, VrrpSettings self, VrrpAddress destination, ushort identification)
    {
        Span<byte> header = packet[..Ipv4View.HeaderSize];
        header.Clear();
        header[0] = VersionAndHeaderSize;
        header[Ipv4View.TypeOfServiceOffset] = Ipv6Header.InternetworkControl;
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.TotalLengthOffset..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.IdentificationOffset..], identification);
        header[Ipv4View.TimeToLiveOffset] = self.TimeToLive;
        header[Ipv4View.ProtocolOffset] = AdvertReader.Protocol;
        self.SourceAddress.Write(header[Ipv4View.SourceOffset..]);
        destination.Write(header[Ipv4View.DestinationOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.ChecksumOffset..], InternetChecksum.Of(header));
    }

    /// <summary>Everything but the checksum, which is left zero.</summary>
    private static void WriteMessage(Span<byte> message, VrrpSettings self, byte priority)
    {
        ImmutableArray<VrrpAddress> addresses = self.Addresses;
        message[VrrpHeaderView.VersionAndTypeOffset] = (byte)((self.Version << 4) | AdvertReader.AdvertisementType);
        message[VrrpHeaderView.VridOffset] = self.Vrid;
        message[VrrpHeaderView.PriorityOffset] = priority;
        message[VrrpHeaderView.CountOffset] = (byte)addresses.Length;
        BinaryPrimitives.WriteUInt16BigEndian(message[AdvertView.ChecksumOffset..], 0);
        int size = self.IsV6 ? VrrpAddress.SizeV6 : VrrpAddress.SizeV4;
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i].Write(message[(VrrpHeaderView.Size + (i * size))..]);
        }

        if (self.Version == VrrpVersion.Two)
        {
            message[AdvertView.AuthenticationTypeOffset] = (byte)self.Authentication.Type;
            message[AdvertView.IntervalOffset] = (byte)(self.IntervalMicroseconds / MicrosecondsPerSecond);
            BinaryPrimitives.WriteUInt64BigEndian(message[^AdvertView.AuthenticationSize..], self.Authentication.Data);
        }
        else
        {
            long centiseconds = self.IntervalMicroseconds / MicrosecondsPerCentisecond;
            BinaryPrimitives.WriteUInt16BigEndian(
                message[AdvertView.IntervalV3Offset..], (ushort)(centiseconds & AdvertView.IntervalV3Mask));
        }
    }
}
