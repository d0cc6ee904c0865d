using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Lab.Verbs;

/// <summary>The address of an AF_PACKET socket: struct sockaddr_ll of packet(7).</summary>
/// <param name="interfaceIndex">Which card.</param>
internal sealed class PacketEndPoint(int interfaceIndex) : EndPoint
{
    /// <summary>ETH_P_ALL: every frame, both directions.</summary>
    public const ushort EveryProtocol = 0x0003;

    private const int Size = 20, ProtocolOffset = 2, IndexOffset = 4, KindOffset = 10;
    private const byte Outgoing = 4;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Packet;

    /// <summary>Whether the frame received with this address was on its way out; sll_pkttype.</summary>
    public static bool IsOutgoing(SocketAddress received) => received.Buffer.Span[KindOffset] == Outgoing;

    /// <inheritdoc/>
    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Packet, Size);
        Span<byte> octets = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(octets[ProtocolOffset..], EveryProtocol);
        BitConverter.TryWriteBytes(octets[IndexOffset..], interfaceIndex);
        return address;
    }
}
