using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace XdpLvs.TestKit;

/// <summary>Cuts a frame's packet into pieces, as a sender or a router does.</summary>
/// <remarks>RFC 791 section 3.2; RFC 8200 section 4.5.</remarks>
public static class Fragments
{
    private const int Ipv6Size = 40, FragmentSize = 8;

    /// <summary>The pieces, first to last, each in a frame of its own with the same tags and addresses.</summary>
    /// <param name="frame">IPv4, or IPv6 without extension headers; without link padding.</param>
    /// <param name="octets">Payload of each piece but the last: a multiple of eight.</param>
    /// <param name="id">What the pieces have in common; of IPv4 its lower 16 bits count.</param>
    public static IReadOnlyList<byte[]> Of(byte[] frame, int octets, uint id)
    {
        int network = FrameBuilder.NetworkAt(frame);
        bool isV4 = frame[network] >> 4 == 4;
        int header = isV4 ? (frame[network] & 0x0F) * 4 : Ipv6Size;
        ReadOnlySpan<byte> head = frame.AsSpan(0, network + header), payload = frame.AsSpan(network + header);
        var pieces = new List<byte[]>();
        for (int offset = 0; offset < payload.Length; offset += octets)
        {
            int size = Math.Min(octets, payload.Length - offset);
            bool more = offset + size < payload.Length;
            ReadOnlySpan<byte> part = payload.Slice(offset, size);
            pieces.Add(isV4
                ? PieceV4(head, network, part, offset, more, (ushort)(id & 0xFFFF))
                : PieceV6(head, network, part, offset, more, id));
        }

        return pieces;
    }

    private static byte[] PieceV4(
        ReadOnlySpan<byte> head, int network, ReadOnlySpan<byte> part, int offset, bool more, ushort id)
    {
        byte[] piece = [.. head, .. part];
        Span<byte> packet = piece.AsSpan(network);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], (ushort)((offset / 8) | (more ? 0x2000 : 0)));
        FrameBuilder.RepairIpv4Checksum(piece);
        return piece;
    }

    private static byte[] PieceV6(
        ReadOnlySpan<byte> head, int network, ReadOnlySpan<byte> part, int offset, bool more, uint id)
    {
        ExtensionHeader fragment = ExtensionHeader.Fragment(offset, more, id);
        byte[] piece = [.. head, .. fragment.Octets, .. part];
        Span<byte> packet = piece.AsSpan(network);
        packet[Ipv6Size] = packet[6];
        packet[6] = fragment.Type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(FragmentSize + part.Length));
        return piece;
    }
}
