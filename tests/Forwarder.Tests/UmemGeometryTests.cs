using XdpLvs.Forwarder.Rings.Xdp;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>256 octets of headroom, 14 of Ethernet and 4 of a VLAN tag must fit besides the MTU.</summary>
public sealed class UmemGeometryTests
{
    [Theory]
    [InlineData(68u, 2048u)]
    [InlineData(1500u, 2048u)]
    [InlineData(1774u, 2048u)]
    [InlineData(1775u, 4096u)]
    [InlineData(3822u, 4096u)]
    public void Chooses_the_smallest_chunk_that_holds_a_frame(uint mtu, uint chunk)
    {
        Assert.True(UmemGeometry.TryFor(mtu, out UmemGeometry geometry));
        Assert.Equal(chunk, geometry.ChunkSize);
    }

    [Theory]
    [InlineData(3823u)]
    [InlineData(9000u)]
    [InlineData(65536u)]
    public void Refuses_what_no_page_holds(uint mtu) => Assert.False(UmemGeometry.TryFor(mtu, out _));
}
