using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Nftables;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

/// <summary>Sizes and offsets as a C program printed them on x86-64 (linux-libc-dev 6.1).</summary>
public sealed class NetlinkAbiTests
{
    [Theory]
    [InlineData(typeof(NlMsgHdr), 16)]
    [InlineData(typeof(SockaddrNl), 12)]
    [InlineData(typeof(IfInfoMsg), 16)]
    [InlineData(typeof(IfAddrMsg), 8)]
    [InlineData(typeof(RtMsg), 12)]
    [InlineData(typeof(NdMsg), 12)]
    [InlineData(typeof(Timeval), 16)]
    [InlineData(typeof(NfGenMsg), 4)]
    [InlineData(typeof(SockaddrIn), 16)]
    [InlineData(typeof(SockaddrLl), 20)]
    [InlineData(typeof(IpMreqn), 12)]
    [InlineData(typeof(PacketMreq), 16)]
    [InlineData(typeof(EthtoolChannels), 36)]
    [InlineData(typeof(EthtoolDrvinfo), 196)]
    [InlineData(typeof(EthtoolValue), 8)]
    public void A_struct_has_the_size_it_has_in_C(Type type, int size) => Assert.Equal(size, Marshal.SizeOf(type));

    [Theory]
    [InlineData(typeof(NlMsgHdr), nameof(NlMsgHdr.nlmsg_type), 4)]
    [InlineData(typeof(NlMsgHdr), nameof(NlMsgHdr.nlmsg_flags), 6)]
    [InlineData(typeof(NlMsgHdr), nameof(NlMsgHdr.nlmsg_seq), 8)]
    [InlineData(typeof(NlMsgHdr), nameof(NlMsgHdr.nlmsg_pid), 12)]
    [InlineData(typeof(SockaddrNl), nameof(SockaddrNl.nl_pid), 4)]
    [InlineData(typeof(SockaddrNl), nameof(SockaddrNl.nl_groups), 8)]
    [InlineData(typeof(IfInfoMsg), nameof(IfInfoMsg.ifi_type), 2)]
    [InlineData(typeof(IfInfoMsg), nameof(IfInfoMsg.ifi_index), 4)]
    [InlineData(typeof(IfInfoMsg), nameof(IfInfoMsg.ifi_flags), 8)]
    [InlineData(typeof(IfInfoMsg), nameof(IfInfoMsg.ifi_change), 12)]
    [InlineData(typeof(IfAddrMsg), nameof(IfAddrMsg.ifa_prefixlen), 1)]
    [InlineData(typeof(IfAddrMsg), nameof(IfAddrMsg.ifa_flags), 2)]
    [InlineData(typeof(IfAddrMsg), nameof(IfAddrMsg.ifa_scope), 3)]
    [InlineData(typeof(IfAddrMsg), nameof(IfAddrMsg.ifa_index), 4)]
    [InlineData(typeof(RtMsg), nameof(RtMsg.rtm_dst_len), 1)]
    [InlineData(typeof(RtMsg), nameof(RtMsg.rtm_src_len), 2)]
    [InlineData(typeof(RtMsg), nameof(RtMsg.rtm_table), 4)]
    [InlineData(typeof(RtMsg), nameof(RtMsg.rtm_type), 7)]
    [InlineData(typeof(RtMsg), nameof(RtMsg.rtm_flags), 8)]
    [InlineData(typeof(NdMsg), nameof(NdMsg.ndm_ifindex), 4)]
    [InlineData(typeof(NdMsg), nameof(NdMsg.ndm_state), 8)]
    [InlineData(typeof(NdMsg), nameof(NdMsg.ndm_flags), 10)]
    [InlineData(typeof(NdMsg), nameof(NdMsg.ndm_type), 11)]
    [InlineData(typeof(NfGenMsg), nameof(NfGenMsg.res_id), 2)]
    [InlineData(typeof(SockaddrIn), nameof(SockaddrIn.sin_port), 2)]
    [InlineData(typeof(SockaddrIn), nameof(SockaddrIn.sin_addr), 4)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_protocol), 2)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_ifindex), 4)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_hatype), 8)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_pkttype), 10)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_halen), 11)]
    [InlineData(typeof(SockaddrLl), nameof(SockaddrLl.sll_addr), 12)]
    [InlineData(typeof(IpMreqn), nameof(IpMreqn.imr_address), 4)]
    [InlineData(typeof(IpMreqn), nameof(IpMreqn.imr_ifindex), 8)]
    [InlineData(typeof(PacketMreq), nameof(PacketMreq.mr_type), 4)]
    [InlineData(typeof(PacketMreq), nameof(PacketMreq.mr_alen), 6)]
    [InlineData(typeof(PacketMreq), nameof(PacketMreq.mr_address), 8)]
    [InlineData(typeof(EthtoolChannels), nameof(EthtoolChannels.max_rx), 4)]
    [InlineData(typeof(EthtoolChannels), nameof(EthtoolChannels.rx_count), 20)]
    [InlineData(typeof(EthtoolChannels), nameof(EthtoolChannels.tx_count), 24)]
    [InlineData(typeof(EthtoolChannels), nameof(EthtoolChannels.combined_count), 32)]
    [InlineData(typeof(EthtoolDrvinfo), nameof(EthtoolDrvinfo.driver), 4)]
    [InlineData(typeof(EthtoolDrvinfo), nameof(EthtoolDrvinfo.version), 36)]
    [InlineData(typeof(EthtoolDrvinfo), nameof(EthtoolDrvinfo.fw_version), 68)]
    [InlineData(typeof(EthtoolDrvinfo), nameof(EthtoolDrvinfo.bus_info), 100)]
    public void A_field_lies_where_it_lies_in_C(Type type, string field, int offset) =>
        Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));

    [Fact]
    public unsafe void An_interface_request_has_the_name_in_front_of_the_pointer()
    {
        IfReq request = default;
        Assert.Equal(40, sizeof(IfReq));
        Assert.Equal(16, Unsafe.SizeOf<LinkName>());
        Assert.Equal(16, (int)((byte*)&request.ifr_data - (byte*)&request));
    }
}
