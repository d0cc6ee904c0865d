using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>
/// A flow's key in the form in which the tables keep it: addresses, and ports with protocol in one word.
/// </summary>
/// <remarks>
/// IPv4: <see cref="Addresses"/> holds client and service, the other three are 0. IPv6: two words each. The last word,
/// from the top: client port 16, service port 16, protocol 8, template 1; a slot has state 7 and real server 16 below.
/// </remarks>
public readonly record struct FlowId
{
    private const int ClientPortShift = 48, ServicePortShift = 32, ProtocolShift = 24;

    private FlowId(ulong addresses, ulong clientLow, ulong serviceHigh, ulong serviceLow, ulong ports)
    {
        Addresses = addresses;
        ClientLow = clientLow;
        ServiceHigh = serviceHigh;
        ServiceLow = serviceLow;
        Ports = ports;
    }

    /// <summary>IPv4: client in the upper half, service in the lower. IPv6: the client's upper half.</summary>
    public ulong Addresses { get; }

    /// <summary>IPv6: the client's lower half.</summary>
    public ulong ClientLow { get; }

    /// <summary>IPv6: the service's upper half.</summary>
    public ulong ServiceHigh { get; }

    /// <summary>IPv6: the service's lower half; no IPv6 service has 0 there and above.</summary>
    public ulong ServiceLow { get; }

    /// <summary>Ports, protocol and whether it is a template.</summary>
    public ulong Ports { get; }

    /// <summary>Which table it is in.</summary>
    public bool IsV4 => (ServiceHigh | ServiceLow) == 0;

    /// <summary>An IPv4 flow; addresses and ports in host order.</summary>
    public static FlowId ForV4(uint client, ushort clientPort, uint service, ushort servicePort, byte protocol) =>
        new(((ulong)client << 32) | service, 0, 0, 0, PortsOf(clientPort, servicePort, protocol));

    /// <summary>An IPv6 flow; ports in host order.</summary>
    public static FlowId ForV6(
        IpAddress client, ushort clientPort, IpAddress service, ushort servicePort, byte protocol) =>
        new(client.High, client.Low, service.High, service.Low, PortsOf(clientPort, servicePort, protocol));

    /// <summary>Of either family.</summary>
    public static FlowId Of(in FlowKey key) => key.Service.Address.IsV4
        ? ForV4(key.ClientAddress.V4, key.ClientPort, key.Service.Address.V4, key.Service.Port, key.Service.Protocol)
        : ForV6(key.ClientAddress, key.ClientPort, key.Service.Address, key.Service.Port, key.Service.Protocol);

    /// <summary>Of a persistence template.</summary>
    public static FlowId OfTemplate(in FlowKey key)
    {
        FlowId id = Of(key);
        return new FlowId(
            id.Addresses, id.ClientLow, id.ServiceHigh, id.ServiceLow, id.Ports | FlowWord.TemplateBit);
    }

    /// <summary>What a slot holds.</summary>
    internal static FlowId FromSlot(
        ulong addresses, ulong clientLow, ulong serviceHigh, ulong serviceLow, ulong word) =>
        new(addresses, clientLow, serviceHigh, serviceLow, FlowWord.KeyOf(word));

    /// <summary>The key that it was made of.</summary>
    public FlowKey ToKey()
    {
        IpAddress client = IsV4 ? (uint)(Addresses >> 32) : new IpAddress(Addresses, ClientLow);
        IpAddress service = IsV4 ? unchecked((uint)Addresses) : new IpAddress(ServiceHigh, ServiceLow);
        return new FlowKey(
            client,
            (ushort)(Ports >> ClientPortShift),
            new ServiceKey(service, (ushort)(Ports >> ServicePortShift), (byte)(Ports >> ProtocolShift)));
    }

    private static ulong PortsOf(ushort clientPort, ushort servicePort, byte protocol) =>
        ((ulong)clientPort << ClientPortShift)
        | ((ulong)servicePort << ServicePortShift)
        | ((ulong)protocol << ProtocolShift);
}

/// <summary>
/// The word of a slot that makes it valid: the ports of a <see cref="FlowId"/>, state and real server.
/// </summary>
internal static class FlowWord
{
    /// <summary>Never written to: nothing lies behind it in its chain of buckets either.</summary>
    internal const ulong Empty = 0;

    /// <summary>Being written: no protocol, so that it matches no key.</summary>
    internal const ulong Claimed = 0x7F_0000;

    /// <summary>Given up: free, but others may lie behind it.</summary>
    internal const ulong Vacant = 0x7E_0000;

    internal const ulong TemplateBit = 0x80_0000;

    private const ulong KeyMask = 0xFFFF_FFFF_FF80_0000;
    private const ulong RealMask = 0xFFFF;
    private const int StateShift = 16;

    /// <summary>What stands in the word of an IPv4 flow, but for its real server.</summary>
    /// <param name="ports">As in the packet: client's port, then the service's.</param>
    /// <param name="protocol">IANA's number.</param>
    /// <param name="state">Of the connection.</param>
    internal static ulong OfV4(uint ports, byte protocol, FlowState state) =>
        ((ulong)ports << 32) | ((ulong)protocol << 24) | ((ulong)state << StateShift);

    /// <summary>Whether a flow stands there.</summary>
    internal static bool IsFlow(ulong word) => word is not (Empty or Claimed or Vacant);

    internal static ulong KeyOf(ulong word) => word & KeyMask;

    internal static ulong With(ulong word, FlowState state, ushort real) =>
        (word & KeyMask) | ((ulong)state << StateShift) | real;

    internal static FlowState State(ulong word) => (FlowState)((word >> StateShift) & 0x7F);

    internal static ushort Real(ulong word) => (ushort)(word & 0xFFFF);

    /// <summary>All but the real server.</summary>
    internal static ulong WithoutReal(ulong word) => word & ~RealMask;

    internal static bool IsTemplate(ulong word) => (word & TemplateBit) != 0;
}
