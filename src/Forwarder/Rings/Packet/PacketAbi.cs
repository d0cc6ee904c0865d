namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>struct tpacket_req of linux/if_packet.h: the transmit ring.</summary>
internal struct tpacket_req
{
    public uint tp_block_size;
    public uint tp_block_nr;
    public uint tp_frame_size;
    public uint tp_frame_nr;
}

/// <summary>struct tpacket_req3: the receive ring.</summary>
internal struct tpacket_req3
{
    public uint tp_block_size;
    public uint tp_block_nr;
    public uint tp_frame_size;
    public uint tp_frame_nr;
    public uint tp_retire_blk_tov;
    public uint tp_sizeof_priv;
    public uint tp_feature_req_word;
}

/// <summary>struct tpacket_block_desc, as far as it is read: what a block of the receive ring begins with.</summary>
internal struct tpacket_block_desc
{
    public uint version;
    public uint offset_to_priv;
    public uint block_status;
    public uint num_pkts;
    public uint offset_to_first_pkt;
    public uint blk_len;
    public ulong seq_num;
}

/// <summary>struct tpacket3_hdr: what a frame in a block begins with.</summary>
internal struct tpacket3_hdr
{
    public uint tp_next_offset;
    public uint tp_sec;
    public uint tp_nsec;
    public uint tp_snaplen;
    public uint tp_len;
    public uint tp_status;
    public ushort tp_mac;
    public ushort tp_net;
    public uint tp_rxhash;
    public uint tp_vlan_tci;
    public ushort tp_vlan_tpid;
    public ushort tp_padding16;
    public ulong tp_padding;
}

/// <summary>struct virtio_net_hdr of linux/virtio_net.h: stands before a frame on a socket with PACKET_VNET_HDR.
/// </summary>
internal struct virtio_net_hdr
{
    public byte flags;
    public byte gso_type;
    public ushort hdr_len;
    public ushort gso_size;
    public ushort csum_start;
    public ushort csum_offset;
}

/// <summary>struct tpacket2_hdr: what a slot of the transmit ring begins with.</summary>
internal struct tpacket2_hdr
{
    public uint tp_status;
    public uint tp_len;
    public uint tp_snaplen;
    public ushort tp_mac;
    public ushort tp_net;
    public uint tp_sec;
    public uint tp_nsec;
    public ushort tp_vlan_tci;
    public ushort tp_vlan_tpid;
    public uint tp_padding;
}

/// <summary>struct tpacket_stats_v3: since it was last read.</summary>
internal struct tpacket_stats_v3
{
    public uint tp_packets;
    public uint tp_drops;
    public uint tp_freeze_q_cnt;
}

/// <summary>struct sockaddr_ll of packet(7), the part that bind(2) reads, and the rest.</summary>
internal struct sockaddr_ll
{
    public ushort sll_family;
    public ushort sll_protocol; // network order
    public int sll_ifindex;
    public ushort sll_hatype;
    public byte sll_pkttype;
    public byte sll_halen;
    public uint sll_addr_first;
    public uint sll_addr_last;
}

/// <summary>struct sock_filter of linux/filter.h: one instruction of classic BPF.</summary>
internal struct sock_filter
{
    public ushort code;
    public byte jt;
    public byte jf;
    public uint k;
}

/// <summary>struct sock_fprog of linux/filter.h.</summary>
internal unsafe struct sock_fprog
{
    public ushort len;
    public sock_filter* filter;
}

/// <summary>Numbers of linux/if_packet.h and asm-generic/socket.h, under the kernel's names.</summary>
internal static class PacketAbi
{
    public const int AF_PACKET = 17, SOCK_RAW = 3, SOL_SOCKET = 1, SOL_PACKET = 263, MSG_DONTWAIT = 0x40;
    public const int SO_ATTACH_FILTER = 26, SO_ATTACH_BPF = 50;
    public const int PACKET_RX_RING = 5, PACKET_STATISTICS = 6, PACKET_VERSION = 10, PACKET_TX_RING = 13;
    public const int PACKET_LOSS = 14, PACKET_VNET_HDR = 15, PACKET_QDISC_BYPASS = 20, PACKET_IGNORE_OUTGOING = 23;
    public const int TPACKET_V2 = 1, TPACKET_V3 = 2;
    public const ushort ETH_P_ALL = 3, ETH_P_8021Q = 0x8100;
    public const byte VIRTIO_NET_HDR_GSO_NONE = 0, VIRTIO_NET_HDR_GSO_UDP_L4 = 5;

    /// <summary>The block is ours.</summary>
    public const uint TP_STATUS_USER = 1;

    /// <summary>The kernel took an 802.1Q tag off; it is in the header.</summary>
    public const uint TP_STATUS_VLAN_VALID = 0x10;

    /// <summary>The tag's EtherType is in the header too.</summary>
    public const uint TP_STATUS_VLAN_TPID_VALID = 0x40;

    /// <summary>A transmit slot that the kernel does not want to see.</summary>
    public const uint TP_STATUS_AVAILABLE = 0;

    /// <summary>A transmit slot that the kernel is to send.</summary>
    public const uint TP_STATUS_SEND_REQUEST = 1;

    /// <summary>Where the frame begins in a slot of the transmit ring: TPACKET2_HDRLEN less a sockaddr_ll.</summary>
    public const int TransmitDataOffset = 32;
}
