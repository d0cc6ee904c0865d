using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Rings.Xdp;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// AF_XDP's structs and numbers as a C program printed them, compiled against linux/if_xdp.h of Linux 6.1.
/// </summary>
public sealed class AbiLayoutTests
{
    private const string Printed = """
        xdp_desc 16
        xdp_desc.addr 0
        xdp_desc.len 8
        xdp_desc.options 12
        sockaddr_xdp 16
        sockaddr_xdp.sxdp_family 0
        sockaddr_xdp.sxdp_flags 2
        sockaddr_xdp.sxdp_ifindex 4
        sockaddr_xdp.sxdp_queue_id 8
        sockaddr_xdp.sxdp_shared_umem_fd 12
        xdp_umem_reg 32
        xdp_umem_reg.addr 0
        xdp_umem_reg.len 8
        xdp_umem_reg.chunk_size 16
        xdp_umem_reg.headroom 20
        xdp_umem_reg.flags 24
        xdp_ring_offset 32
        xdp_ring_offset.producer 0
        xdp_ring_offset.consumer 8
        xdp_ring_offset.desc 16
        xdp_ring_offset.flags 24
        xdp_mmap_offsets 128
        xdp_mmap_offsets.rx 0
        xdp_mmap_offsets.tx 32
        xdp_mmap_offsets.fr 64
        xdp_mmap_offsets.cr 96
        xdp_statistics 48
        xdp_statistics.rx_dropped 0
        xdp_statistics.rx_invalid_descs 8
        xdp_statistics.tx_invalid_descs 16
        xdp_statistics.rx_ring_full 24
        xdp_statistics.rx_fill_ring_empty_descs 32
        xdp_statistics.tx_ring_empty_descs 40
        """;

    private static readonly Type[] Structs =
    [
        typeof(xdp_desc), typeof(sockaddr_xdp), typeof(xdp_umem_reg), typeof(xdp_ring_offset),
        typeof(xdp_mmap_offsets), typeof(xdp_statistics),
    ];

    public static IEnumerable<TheoryDataRow<string>> Lines =>
        Array.ConvertAll(Printed.Split('\n'), line => new TheoryDataRow<string>(line.TrimEnd()));

    [Theory]
    [MemberData(nameof(Lines))]
    public void Lies_in_memory_as_the_kernel_has_it(string line)
    {
        string[] words = line.Split(' ', '.');
        Type type = Array.Find(Structs, candidate => candidate.Name == words[0])!;
        int actual = words.Length == 2
            ? Marshal.SizeOf(type)
            : (int)Marshal.OffsetOf(type, words[1]);

        Assert.Equal(words[^1], $"{actual}");
    }

    [Fact]
    public void Has_the_kernel_s_numbers()
    {
        Assert.Equal((44, 283), (XdpAbi.AddressFamily, XdpAbi.OptionLevel)); // AF_XDP, SOL_XDP
        Assert.Equal((2, 4, 8), (XdpAbi.BindCopy, XdpAbi.BindZeroCopy, XdpAbi.BindUseNeedWakeup));
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, 8), (XdpAbi.MmapOffsets, XdpAbi.RxRing, XdpAbi.TxRing, XdpAbi.UmemRegister,
            XdpAbi.FillRing, XdpAbi.CompletionRing, XdpAbi.Statistics, XdpAbi.Options));
        Assert.Equal((1u, 1u), (XdpAbi.RingNeedsWakeup, XdpAbi.OptionsZeroCopy));
        Assert.Equal((0L, 2147483648L, 4294967296L, 6442450944L),
            (XdpAbi.PageRx, XdpAbi.PageTx, XdpAbi.PageFill, XdpAbi.PageCompletion));
    }
}
