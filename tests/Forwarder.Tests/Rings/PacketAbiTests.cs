using System;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Rings.Packet;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Rings;

/// <summary>Sizes and offsets as a C program printed them on x86-64 (linux-libc-dev 6.1).</summary>
public sealed class PacketAbiTests
{
    [Theory]
    [InlineData(typeof(tpacket_req), 16)]
    [InlineData(typeof(tpacket_req3), 28)]
    [InlineData(typeof(tpacket3_hdr), 48)]
    [InlineData(typeof(tpacket2_hdr), 32)]
    [InlineData(typeof(tpacket_stats_v3), 12)]
    [InlineData(typeof(sockaddr_ll), 20)]
    [InlineData(typeof(sock_filter), 8)]
    [InlineData(typeof(sock_fprog), 16)]
    public void A_struct_has_the_size_it_has_in_C(Type type, int size) => Assert.Equal(size, Marshal.SizeOf(type));

    [Theory]
    [InlineData(typeof(tpacket_req3), nameof(tpacket_req3.tp_retire_blk_tov), 16)]
    [InlineData(typeof(tpacket_req3), nameof(tpacket_req3.tp_sizeof_priv), 20)]
    [InlineData(typeof(tpacket_req3), nameof(tpacket_req3.tp_feature_req_word), 24)]
    [InlineData(typeof(tpacket_block_desc), nameof(tpacket_block_desc.block_status), 8)]
    [InlineData(typeof(tpacket_block_desc), nameof(tpacket_block_desc.num_pkts), 12)]
    [InlineData(typeof(tpacket_block_desc), nameof(tpacket_block_desc.offset_to_first_pkt), 16)]
    [InlineData(typeof(tpacket_block_desc), nameof(tpacket_block_desc.blk_len), 20)]
    [InlineData(typeof(tpacket_block_desc), nameof(tpacket_block_desc.seq_num), 24)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_snaplen), 12)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_len), 16)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_status), 20)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_mac), 24)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_net), 26)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_rxhash), 28)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_vlan_tci), 32)]
    [InlineData(typeof(tpacket3_hdr), nameof(tpacket3_hdr.tp_vlan_tpid), 36)]
    [InlineData(typeof(tpacket2_hdr), nameof(tpacket2_hdr.tp_len), 4)]
    [InlineData(typeof(tpacket2_hdr), nameof(tpacket2_hdr.tp_snaplen), 8)]
    [InlineData(typeof(tpacket2_hdr), nameof(tpacket2_hdr.tp_mac), 12)]
    [InlineData(typeof(tpacket2_hdr), nameof(tpacket2_hdr.tp_net), 14)]
    [InlineData(typeof(tpacket_stats_v3), nameof(tpacket_stats_v3.tp_drops), 4)]
    [InlineData(typeof(sockaddr_ll), nameof(sockaddr_ll.sll_ifindex), 4)]
    [InlineData(typeof(sockaddr_ll), nameof(sockaddr_ll.sll_addr_first), 12)]
    [InlineData(typeof(sock_filter), nameof(sock_filter.k), 4)]
    [InlineData(typeof(sock_fprog), nameof(sock_fprog.filter), 8)]
    public void A_field_lies_where_it_lies_in_C(Type type, string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));

    [Fact]
    public void A_frame_begins_where_the_kernel_looks_for_it() => // TPACKET2_HDRLEN is 52
        Assert.Equal(PacketAbi.TransmitDataOffset, 52 - Marshal.SizeOf<sockaddr_ll>());
}
