using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>
/// A key of the steering program's map of services, as the program builds it on its stack: address (of IPv4 four
/// octets, then zeros), port, protocol, kind; wire order.
/// </summary>
/// <remarks>
/// The family is in the kind and not in the address: an IPv4 address in its mapped form must not match in an IPv6
/// header. A service has two keys: its own, and one without a port for pieces of packets, which have none.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
internal readonly record struct SteeringKey(ulong AddressHigh, ulong AddressLow, uint PortProtocolKind)
{
    /// <summary>Where the parts lie, in octets.</summary>
    internal const int PortAt = 16, ProtocolAt = 18, KindAt = 19, Size = 20;

    /// <summary>Bits of the kind; none for a whole packet or a first piece of IPv4.</summary>
    internal const byte KindIpv6 = 1, KindPiece = 2;

    /// <summary>For packets that have ports; port 0 for the services of all ports.</summary>
    internal static SteeringKey OfService(in ServiceKey service) =>
        Of(service.Address, service.Port, service.Protocol, service.Address.IsV4 ? (byte)0 : KindIpv6);

    /// <summary>For pieces that have none.</summary>
    internal static SteeringKey OfPieces(in ServiceKey service) => Of(
        service.Address, 0, service.Protocol, (byte)(KindPiece | (service.Address.IsV4 ? 0 : KindIpv6)));

    private static SteeringKey Of(IpAddress address, ushort port, byte protocol, byte kind)
    {
        Span<byte> octets = stackalloc byte[Size];
        octets.Clear();
        address.CopyTo(octets);
        BinaryPrimitives.WriteUInt16BigEndian(octets[PortAt..], port);
        octets[ProtocolAt] = protocol;
        octets[KindAt] = kind;
        return MemoryMarshal.Read<SteeringKey>(octets);
    }
}
