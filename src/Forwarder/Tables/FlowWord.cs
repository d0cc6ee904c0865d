namespace XdpLvs.Forwarder.Tables;

/// <summary>The two words of a flow's slot.</summary>
/// <remarks>
/// First: client address, service address. Second, from the top: client port 16, service port 16, protocol 8,
/// template 1, state 7, real server 16. A second word of zero is an empty slot.
/// </remarks>
internal static class FlowWord
{
    /// <summary>A slot being written: no protocol, so that it matches no key.</summary>
    internal const ulong Claimed = 0x7F_0000;

    private const ulong KeyMask = 0xFFFF_FFFF_FF80_0000;
    private const ulong TemplateBit = 0x80_0000;
    private const int ClientPortShift = 48, ServicePortShift = 32, ProtocolShift = 24, StateShift = 16;

    internal static ulong Addresses(in FlowKey key) => ((ulong)key.ClientAddress << 32) | key.Service.Address;

    internal static ulong Key(in FlowKey key, bool template) =>
        ((ulong)key.ClientPort << ClientPortShift)
        | ((ulong)key.Service.Port << ServicePortShift)
        | ((ulong)key.Service.Protocol << ProtocolShift)
        | (template ? TemplateBit : 0);

    internal static ulong KeyOf(ulong word) => word & KeyMask;

    internal static ulong With(ulong word, FlowState state, ushort real) =>
        (word & KeyMask) | ((ulong)state << StateShift) | real;

    internal static FlowState State(ulong word) => (FlowState)((word >> StateShift) & 0x7F);

    internal static ushort Real(ulong word) => (ushort)(word & 0xFFFF);

    internal static FlowEntry Entry(ulong addresses, ulong word, uint ticksLeft)
    {
        var service = new ServiceKey(
            (uint)(addresses & 0xFFFF_FFFF),
            (ushort)((word >> ServicePortShift) & 0xFFFF),
            (byte)((word >> ProtocolShift) & 0xFF));
        var key = new FlowKey((uint)(addresses >> 32), (ushort)(word >> ClientPortShift), service);
        return new FlowEntry(key, (word & TemplateBit) != 0, State(word), Real(word), ticksLeft);
    }
}
