using System;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>Writes VRRPv2 advertisements as whole IPv4 packets, octet for octet as keepalived does.</summary>
/// <remarks>RFC 3768 section 5. Allocates nothing.</remarks>
public static class AdvertWriter
{
    private const byte VersionAndHeaderSize = 0x45, InternetworkControl = 0xC0; // CS6: what routers say to each other
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Octets of a packet with that many virtual addresses.</summary>
    public static int LengthOf(int addresses) => Ipv4View.HeaderSize + AdvertView.SizeOf(addresses);

    /// <summary>Writes one packet.</summary>
    /// <param name="target">At least <see cref="LengthOf"/> the number of addresses.</param>
    /// <param name="self">Who we are. At most 255 addresses; the interval is whole seconds.</param>
    /// <param name="priority">Our priority, or 0 to resign.</param>
    /// <param name="identification">IP identification; a counter serves.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> target, VrrpSettings self, byte priority, ushort identification)
    {
        Span<byte> packet = target[..LengthOf(self.Addresses.Length)];
        WriteMessage(packet[Ipv4View.HeaderSize..], self, priority);
        WriteHeader(packet, self, identification);
        return packet.Length;
    }

    private static void WriteHeader(Span<byte> packet, VrrpSettings self, ushort identification)
    {
        Span<byte> header = packet[..Ipv4View.HeaderSize];
        header.Clear();
        header[0] = VersionAndHeaderSize;
        header[Ipv4View.TypeOfServiceOffset] = InternetworkControl;
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.TotalLengthOffset..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.IdentificationOffset..], identification);
        header[Ipv4View.TimeToLiveOffset] = AdvertReader.TimeToLive;
        header[Ipv4View.ProtocolOffset] = AdvertReader.Protocol;
        BinaryPrimitives.WriteUInt32BigEndian(header[Ipv4View.SourceOffset..], self.SourceAddress);
        BinaryPrimitives.WriteUInt32BigEndian(header[Ipv4View.DestinationOffset..], self.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(header[Ipv4View.ChecksumOffset..], InternetChecksum.Of(header));
    }

    private static void WriteMessage(Span<byte> message, VrrpSettings self, byte priority)
    {
        ImmutableArray<uint> addresses = self.Addresses;
        message[VrrpHeaderView.VersionAndTypeOffset] = (AdvertReader.Version << 4) | AdvertReader.AdvertisementType;
        message[VrrpHeaderView.VridOffset] = self.Vrid;
        message[VrrpHeaderView.PriorityOffset] = priority;
        message[VrrpHeaderView.CountOffset] = (byte)addresses.Length;
        message[AdvertView.AuthenticationTypeOffset] = (byte)self.Authentication.Type;
        message[AdvertView.IntervalOffset] = (byte)(self.IntervalMicroseconds / MicrosecondsPerSecond);
        BinaryPrimitives.WriteUInt16BigEndian(message[AdvertView.ChecksumOffset..], 0);
        for (int i = 0; i < addresses.Length; i++)
        {
            Span<byte> slot = message[(VrrpHeaderView.Size + (i * AdvertView.AddressSize))..];
            BinaryPrimitives.WriteUInt32BigEndian(slot, addresses[i]);
        }

        BinaryPrimitives.WriteUInt64BigEndian(message[^AdvertView.AuthenticationSize..], self.Authentication.Data);
        BinaryPrimitives.WriteUInt16BigEndian(message[AdvertView.ChecksumOffset..], InternetChecksum.Of(message));
    }
}
