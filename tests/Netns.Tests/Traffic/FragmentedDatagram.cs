using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>A UDP datagram cut into IP fragments by hand, so that they can be sent in any order.</summary>
/// <remarks>RFC 791 section 3.2 for IPv4; RFC 8200 section 4.5 for IPv6.</remarks>
internal static class FragmentedDatagram
{
    /// <summary>Octets of payload in each fragment but the last: a multiple of 8 that fits an MTU of 1,500.</summary>
    private const int PieceSize = 1400;

    private const int UdpSize = 8;
    private const byte Udp = 17, FragmentHeader = 44;

    /// <summary>The frames, first fragment first.</summary>
    /// <param name="macs">Next hop's and sender's, six octets each.</param>
    /// <param name="from">Source address and port.</param>
    /// <param name="to">Of the same family.</param>
    /// <param name="identification">Tells this datagram's fragments from others'.</param>
    /// <param name="payload">What the datagram carries.</param>
    public static IReadOnlyList<byte[]> Cut(
        (byte[] Target, byte[] Source) macs, IPEndPoint from, IPEndPoint to, ushort identification, byte[] payload)
    {
        byte[] datagram = Datagram(from, to, payload);
        return
        [
            .. Enumerable.Range(0, (datagram.Length + PieceSize - 1) / PieceSize).Select(piece =>
            {
                int at = piece * PieceSize;
                byte[] data = datagram[at..Math.Min(at + PieceSize, datagram.Length)];
                bool more = at + data.Length < datagram.Length;
                return from.AddressFamily == AddressFamily.InterNetwork
                    ? V4(macs, from, to, identification, at, more, data)
                    : V6(macs, from, to, identification, at, more, data);
            }),
        ];
    }

    private static byte[] Datagram(IPEndPoint from, IPEndPoint to, byte[] payload)
    {
        byte[] udp = new byte[UdpSize + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        payload.CopyTo(udp, UdpSize);
        byte[] length = [(byte)(udp.Length >> 8), (byte)udp.Length];
        byte[] pseudo = [.. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(), 0, Udp, .. length, .. udp];
        ushort sum = Forgery.Sum(pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(6), sum == 0 ? ushort.MaxValue : sum);
        return udp;
    }

    private static byte[] V4(
        (byte[] Target, byte[] Source) macs, IPEndPoint from, IPEndPoint to, ushort id, int at, bool more, byte[] data)
    {
        int length = 20 + data.Length, place = (at / 8) | (more ? 0x2000 : 0);
        byte[] frame =
        [
            .. macs.Target, .. macs.Source, 8, 0,
            0x45, 0, (byte)(length >> 8), (byte)length, (byte)(id >> 8), (byte)id, (byte)(place >> 8), (byte)place,
            64, Udp, 0, 0, .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(), .. data,
        ];
        Forgery.SetIpChecksum(frame);
        return frame;
    }

    private static byte[] V6(
        (byte[] Target, byte[] Source) macs, IPEndPoint from, IPEndPoint to, ushort id, int at, bool more, byte[] data)
    {
        int length = 8 + data.Length, place = at | (more ? 1 : 0);
        return
        [
            .. macs.Target, .. macs.Source, 0x86, 0xdd,
            0x60, 0, 0, 0, (byte)(length >> 8), (byte)length, FragmentHeader, 64,
            .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(),
            Udp, 0, (byte)(place >> 8), (byte)place, 0, 0, (byte)(id >> 8), (byte)id, .. data,
        ];
    }
}
