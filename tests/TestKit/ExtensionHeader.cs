using System;
using System.Buffers.Binary;

namespace XdpLvs.TestKit;

/// <summary>An IPv6 extension header. RFC 8200 section 4.</summary>
/// <param name="Type">Its protocol number.</param>
/// <param name="Octets">All of it; the first, the next header, is filled in by <see cref="FrameBuilder"/>.</param>
public sealed record ExtensionHeader(byte Type, byte[] Octets)
{
    /// <summary>Hop-by-hop options: padding.</summary>
    public static ExtensionHeader HopByHop(int octets = 8) => new(0, Padding(octets));

    /// <summary>Destination options: padding.</summary>
    public static ExtensionHeader Options(int octets = 8) => new(60, Padding(octets));

    /// <summary>A routing header of type 2, whose segments have been visited unless told otherwise.</summary>
    public static ExtensionHeader Routing(byte segmentsLeft = 0, int octets = 24)
    {
        byte[] header = new byte[octets];
        header[1] = (byte)((octets / 8) - 1);
        header[2] = 2;
        header[3] = segmentsLeft;
        return new ExtensionHeader(43, header);
    }

    /// <summary>An authentication header; its length counts four octets at a time. RFC 4302 section 2.2.</summary>
    public static ExtensionHeader Authentication(int octets = 24)
    {
        byte[] header = new byte[octets];
        header[1] = (byte)((octets / 4) - 2);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 0x99);
        return new ExtensionHeader(51, header);
    }

    /// <summary>A fragment header. Neither more nor an offset: an atomic fragment.</summary>
    /// <param name="offset">Octets, a multiple of eight.</param>
    /// <param name="more">Whether others follow.</param>
    /// <param name="id">What the pieces have in common.</param>
    public static ExtensionHeader Fragment(int offset, bool more, uint id = 0xABCD1234)
    {
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), id);
        return new ExtensionHeader(44, header);
    }

    private static byte[] Padding(int octets)
    {
        byte[] header = new byte[octets];
        header[1] = (byte)((octets / 8) - 1);
        header[2] = 1; // PadN
        header[3] = (byte)(octets - 4);
        return header;
    }
}
