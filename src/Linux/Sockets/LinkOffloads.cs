using Tmds.Linux;

namespace XdpLvs.Linux.Sockets;

/// <summary>What an interface does to frames on their way in.</summary>
/// <remarks>SIOCETHTOOL of netdevice(7), linux/ethtool.h.</remarks>
public static class LinkOffloads
{
    /// <summary>
    /// Whether generic receive offload merges segments of a connection into frames longer than the MTU. False also for
    /// an interface that does not say.
    /// </summary>
    /// <param name="linkName">In this thread's network namespace.</param>
    public static unsafe bool MergesSegments(string linkName)
    {
        using FileDescriptor socket = Syscalls.Socket(SocketsAbi.AF_INET, LibC.SOCK_DGRAM, 0, "ethtool");
        var value = new EthtoolValue { cmd = SocketsAbi.ETHTOOL_GGRO };
        var request = new IfReq { ifr_name = LinkName.From(linkName), ifr_data = &value };
        return Syscalls.Control(socket, SocketsAbi.SIOCETHTOOL, ref request) == 0 && value.data != 0;
    }
}
