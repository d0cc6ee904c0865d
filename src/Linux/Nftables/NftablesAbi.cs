namespace XdpLvs.Linux.Nftables;

/// <summary>struct nfgenmsg of linux/netfilter/nfnetlink.h.</summary>
internal struct NfGenMsg
{
    public byte nfgen_family;
    public byte version;
    public ushort res_id; // network order
}

/// <summary>Numbers of linux/netfilter/nfnetlink.h and nf_tables.h, under the kernel's names.</summary>
internal static class NftablesAbi
{
    public const byte NFPROTO_NETDEV = 5;
    public const ushort NFNL_SUBSYS_NFTABLES = 10, NFNL_MSG_BATCH_BEGIN = 16, NFNL_MSG_BATCH_END = 17;
    public const ushort NFT_MSG_NEWTABLE = 0, NFT_MSG_NEWCHAIN = 3, NFT_MSG_NEWRULE = 6, NFT_MSG_GETRULE = 7;
    public const ushort NFT_MSG_NEWSET = 9, NFT_MSG_NEWSETELEM = 12, NFT_MSG_DELSETELEM = 14;

    public const ushort NFTA_TABLE_NAME = 1, NFTA_TABLE_FLAGS = 2;
    public const uint NFT_TABLE_F_OWNER = 2;

    public const ushort NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5;
    public const ushort NFTA_CHAIN_TYPE = 7, NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2, NFTA_HOOK_DEV = 3;
    public const uint NF_NETDEV_INGRESS = 0, NF_DROP = 0, NF_ACCEPT = 1;

    public const ushort NFTA_SET_TABLE = 1, NFTA_SET_NAME = 2, NFTA_SET_FLAGS = 3, NFTA_SET_KEY_TYPE = 4;
    public const ushort NFTA_SET_KEY_LEN = 5, NFTA_SET_ID = 10;
    public const ushort NFTA_SET_ELEM_LIST_TABLE = 1, NFTA_SET_ELEM_LIST_SET = 2, NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    public const ushort NFTA_SET_ELEM_KEY = 1;

    public const ushort NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_EXPRESSIONS = 4;
    public const ushort NFTA_LIST_ELEM = 1, NFTA_EXPR_NAME = 1, NFTA_EXPR_DATA = 2;
    public const ushort NFTA_DATA_VALUE = 1, NFTA_DATA_VERDICT = 2, NFTA_VERDICT_CODE = 1;
    public const uint NFT_REG_VERDICT = 0, NFT_REG32_00 = 8;

    public const ushort NFTA_META_DREG = 1, NFTA_META_KEY = 2;
    public const uint NFT_META_PROTOCOL = 1, NFT_META_L4PROTO = 16;
    public const ushort NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
    public const uint NFT_PAYLOAD_NETWORK_HEADER = 1, NFT_PAYLOAD_TRANSPORT_HEADER = 2;
    public const ushort NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
    public const uint NFT_CMP_EQ = 0;
    public const ushort NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3;
    public const ushort NFTA_BITWISE_MASK = 4, NFTA_BITWISE_XOR = 5;
    public const ushort NFTA_LOOKUP_SET = 1, NFTA_LOOKUP_SREG = 2;
    public const ushort NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2;
    public const ushort NFTA_COUNTER_PACKETS = 2;
}
