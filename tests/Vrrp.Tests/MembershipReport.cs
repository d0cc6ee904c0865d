using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Vrrp.Tests;

/// <summary>What one group record of a report says.</summary>
internal readonly record struct MembershipRecord(byte Type, VrrpAddress Group);

/// <summary>
/// An IGMPv3 or MLDv2 report, as the kernel sends it when a VRRP socket joins or leaves: not ours, but on our wire.
/// </summary>
/// <remarks>RFC 3376 section 4.2, RFC 3810 section 5.2: TTL 1, router alert, no sources.</remarks>
internal sealed record MembershipReport
{
    private const byte IgmpReport = 0x22, MldReport = 143, Icmpv6 = 58, HopByHop = 0, Igmp = 2;
    private const uint Ipv4RouterAlert = 0x9404_0000;
    private const ulong Ipv6RouterAlert = 0x3A00_0502_0000_0100; // next header, length, option, two octets of padding

    private static readonly VrrpAddress RoutersV4 = VrrpAddress.Parse("224.0.0.22");
    private static readonly VrrpAddress RoutersV6 = VrrpAddress.Parse("ff02::16");

    public required ulong Mac { get; init; }

    public required VrrpAddress Source { get; init; }

    public required ushort Identification { get; init; }

    public required IReadOnlyList<MembershipRecord> Records { get; init; }

    private bool IsV4 => Source.IsV4;

    /// <summary>Reads a frame. False if it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out MembershipReport? report)
    {
        report = null;
        if (!VrrpPacket.TryOpen(frame[Golden.EthernetHeaderSize..], out VrrpPacket ip))
        {
            return false;
        }

        ReadOnlySpan<byte> message = ip.IsV4 ? ip.Payload : ip.Payload[8..];
        bool isReport = ip.IsV4
            ? ip.Protocol == Igmp && message[0] == IgmpReport && InternetChecksum.Of(message) == 0
            : ip.Protocol == HopByHop && message[0] == MldReport
                && InternetChecksum.Of(message, ip.Source, ip.Destination, Icmpv6) == 0;
        if (!isReport)
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16BigEndian(message[6..]), size = 4 + ip.Source.Size;
        var records = new List<MembershipRecord>();
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = message.Slice(8 + (i * size), size);
            records.Add(new MembershipRecord(record[0], VrrpAddress.Read(record[4..])));
        }

        report = new MembershipReport
        {
            Mac = EthernetHeader.ReadMac(frame[6..]),
            Source = ip.Source,
            Identification = ip.IsV4 ? BinaryPrimitives.ReadUInt16BigEndian(frame[18..]) : (ushort)0,
            Records = records,
        };
        return true;
    }

    /// <summary>The same frame from what was read.</summary>
    public byte[] Write()
    {
        byte[] message = Message();
        byte[] alert = new byte[IsV4 ? 4 : 8];
        byte[] header = new byte[IsV4 ? Ipv4View.HeaderSize + alert.Length : Ipv6View.HeaderSize];
        VrrpAddress target = IsV4 ? RoutersV4 : RoutersV6;
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(alert, Ipv4RouterAlert);
            byte[] fixedPart = [0x46, 0xC0, 0, (byte)(header.Length + message.Length), 0, 0, 0x40, 0, 1, Igmp];
            fixedPart.CopyTo(header, 0);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), Identification);
            Source.Write(header.AsSpan(12));
            target.Write(header.AsSpan(16));
            alert.CopyTo(header, 20);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), InternetChecksum.Of(header));
            alert = [];
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(alert, Ipv6RouterAlert);
            Ipv6Header.Write(header, 0, alert.Length + message.Length, HopByHop, 1, Source, target);
        }

        byte[] ethernet = new byte[Golden.EthernetHeaderSize];
        EthernetHeader.Write(
            ethernet, IsV4 ? 0x0100_5E00_0016UL : 0x3333_0000_0016UL, Mac, IsV4 ? (ushort)0x0800 : (ushort)0x86DD);
        return [.. ethernet, .. header, .. alert, .. message];
    }

    private byte[] Message()
    {
        int size = 4 + Source.Size;
        byte[] message = new byte[8 + (Records.Count * size)];
        message[0] = IsV4 ? IgmpReport : MldReport;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)Records.Count);
        foreach ((MembershipRecord record, int i) in Records.Select((record, i) => (record, i)))
        {
            message[8 + (i * size)] = record.Type;
            record.Group.Write(message.AsSpan(8 + (i * size) + 4));
        }

        ushort checksum = IsV4
            ? InternetChecksum.Of(message)
            : InternetChecksum.Of(message, Source, RoutersV6, Icmpv6);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), checksum);
        return message;
    }
}
