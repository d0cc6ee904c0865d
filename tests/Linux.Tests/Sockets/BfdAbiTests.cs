using System.Runtime.CompilerServices;
using Xunit;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Linux.Tests.Sockets;

/// <summary>Sizes as a C program prints them on a 64-bit machine.</summary>
public sealed class BfdAbiTests
{
    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(16, Unsafe.SizeOf<SockaddrIn>());
        Assert.Equal(28, Unsafe.SizeOf<SockaddrIn6>());
        Assert.Equal(56, Unsafe.SizeOf<MsgHdr>());
        Assert.Equal(16, Unsafe.SizeOf<IoVec>());
        Assert.Equal(24, Unsafe.SizeOf<CmsgInt>()); // CMSG_SPACE(sizeof(int))
    }
}
