using System;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Linux.Nftables;

/// <summary>Where a payload expression counts its offset from.</summary>
internal enum PayloadBase
{
    /// <summary>The IP header.</summary>
    Network = (int)NftablesAbi.NFT_PAYLOAD_NETWORK_HEADER,

    /// <summary>
    /// Behind the IP header and its options. In a fragment other than the first it matches nothing.
    /// </summary>
    Transport = (int)NftablesAbi.NFT_PAYLOAD_TRANSPORT_HEADER,
}

/// <summary>Writes the expressions of one nf_tables rule, in the order in which the kernel runs them.</summary>
/// <remarks>
/// linux/netfilter/nf_tables.h. Registers are the 32-bit ones, numbered here from 0; a value shorter than four octets
/// fills its register from the left and leaves the rest zero. An expression that does not match ends the rule.
/// </remarks>
internal readonly struct RuleWriter(NetlinkMessageWriter octets)
{
    /// <summary>Matches frames of an EtherType; the kernel has taken VLAN tags off.</summary>
    public RuleWriter EtherTypeIs(ushort type) =>
        LoadMeta(NftablesAbi.NFT_META_PROTOCOL, register: 0).Compare([(byte)(type >> 8), (byte)(type & 0xFF)]);

    /// <summary>Matches packets of a transport protocol, behind all extension headers of IPv6.</summary>
    public RuleWriter ProtocolIs(byte protocol) => LoadProtocol(register: 0).Compare([protocol]);

    /// <summary>
    /// Copies the transport protocol's number, one octet: of a later fragment of IPv6 what its fragment header says.
    /// </summary>
    public RuleWriter LoadProtocol(int register) => LoadMeta(NftablesAbi.NFT_META_L4PROTO, register);

    /// <summary>Sets a register to zero.</summary>
    public RuleWriter LoadZero(int register)
    {
        int mark = Begin("immediate", out int data);
        octets.BigEndian(NftablesAbi.NFTA_IMMEDIATE_DREG, Register(register));
        Value(NftablesAbi.NFTA_IMMEDIATE_DATA, [0, 0, 0, 0]);
        End(mark, data);
        return this;
    }

    /// <summary>Copies header octets to a register.</summary>
    public RuleWriter Load(PayloadBase from, int offset, int length, int register)
    {
        int mark = Begin("payload", out int data);
        octets.BigEndian(NftablesAbi.NFTA_PAYLOAD_DREG, Register(register))
            .BigEndian(NftablesAbi.NFTA_PAYLOAD_BASE, (uint)from)
            .BigEndian(NftablesAbi.NFTA_PAYLOAD_OFFSET, (uint)offset)
            .BigEndian(NftablesAbi.NFTA_PAYLOAD_LEN, (uint)length);
        End(mark, data);
        return this;
    }

    /// <summary>Matches header octets of which only those bits count that are set in the mask.</summary>
    public RuleWriter Match(PayloadBase from, int offset, ReadOnlySpan<byte> mask, ReadOnlySpan<byte> value)
    {
        Load(from, offset, mask.Length, register: 0);
        if (mask.IndexOfAnyExcept((byte)0xFF) < 0)
        {
            return Compare(value);
        }

        int mark = Begin("bitwise", out int data);
        octets.BigEndian(NftablesAbi.NFTA_BITWISE_SREG, Register(0))
            .BigEndian(NftablesAbi.NFTA_BITWISE_DREG, Register(0))
            .BigEndian(NftablesAbi.NFTA_BITWISE_LEN, (uint)mask.Length);
        Value(NftablesAbi.NFTA_BITWISE_MASK, mask);
        Span<byte> zeros = stackalloc byte[mask.Length];
        zeros.Clear();
        Value(NftablesAbi.NFTA_BITWISE_XOR, zeros);
        End(mark, data);
        return Compare(value);
    }

    /// <summary>Matches if the registers from 0 on are an element of a set.</summary>
    public RuleWriter IsIn(string set)
    {
        int mark = Begin("lookup", out int data);
        octets.Text(NftablesAbi.NFTA_LOOKUP_SET, set).BigEndian(NftablesAbi.NFTA_LOOKUP_SREG, Register(0));
        End(mark, data);
        return this;
    }

    /// <summary>Counts the packet and ends its life.</summary>
    public void CountAndDrop()
    {
        End(Begin("counter", out int none), none);
        int mark = Begin("immediate", out int data);
        octets.BigEndian(NftablesAbi.NFTA_IMMEDIATE_DREG, NftablesAbi.NFT_REG_VERDICT);
        int value = octets.BeginNested(NftablesAbi.NFTA_IMMEDIATE_DATA);
        int verdict = octets.BeginNested(NftablesAbi.NFTA_DATA_VERDICT);
        octets.BigEndian(NftablesAbi.NFTA_VERDICT_CODE, NftablesAbi.NF_DROP).EndNested(verdict).EndNested(value);
        End(mark, data);
    }

    private RuleWriter LoadMeta(uint key, int register)
    {
        int mark = Begin("meta", out int data);
        octets.BigEndian(NftablesAbi.NFTA_META_DREG, Register(register)).BigEndian(NftablesAbi.NFTA_META_KEY, key);
        End(mark, data);
        return this;
    }

    private static uint Register(int number) => NftablesAbi.NFT_REG32_00 + (uint)number;

    private RuleWriter Compare(ReadOnlySpan<byte> value)
    {
        int mark = Begin("cmp", out int data);
        octets.BigEndian(NftablesAbi.NFTA_CMP_SREG, Register(0))
            .BigEndian(NftablesAbi.NFTA_CMP_OP, NftablesAbi.NFT_CMP_EQ);
        Value(NftablesAbi.NFTA_CMP_DATA, value);
        End(mark, data);
        return this;
    }

    private void Value(ushort type, ReadOnlySpan<byte> value)
    {
        int mark = octets.BeginNested(type);
        octets.Attribute(NftablesAbi.NFTA_DATA_VALUE, value).EndNested(mark);
    }

    private int Begin(string name, out int data)
    {
        int mark = octets.BeginNested(NftablesAbi.NFTA_LIST_ELEM);
        octets.Text(NftablesAbi.NFTA_EXPR_NAME, name);
        data = octets.BeginNested(NftablesAbi.NFTA_EXPR_DATA);
        return mark;
    }

    private void End(int mark, int data) => octets.EndNested(data).EndNested(mark);
}
