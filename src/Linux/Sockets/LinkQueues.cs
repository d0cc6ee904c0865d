using System;
using System.Text;
using Tmds.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Linux.Sockets;

/// <summary>How many queues an interface uses, and who drives it.</summary>
/// <param name="Rx">Receive queues in use, at least 1. AF_XDP needs a socket for each.</param>
/// <param name="Tx">Transmit queues in use, at least 1.</param>
/// <param name="Driver">Such as "ixgbe" or "veth"; null if the driver does not say.</param>
/// <remarks>SIOCETHTOOL of netdevice(7); sysfs shows the namespace it was mounted in, so it is not asked.</remarks>
public readonly record struct LinkQueues(int Rx, int Tx, string? Driver)
{
    /// <summary>Asks the driver; where it does not say, takes what the kernel allocated.</summary>
    /// <param name="link">The interface, as <see cref="Links"/> found it.</param>
    public static unsafe LinkQueues Read(LinkInfo link)
    {
        using FileDescriptor socket = Syscalls.Socket(SocketsAbi.AF_INET, LibC.SOCK_DGRAM, 0, "ethtool");
        var channels = new EthtoolChannels { cmd = SocketsAbi.ETHTOOL_GCHANNELS };
        var driver = new EthtoolDrvinfo { cmd = SocketsAbi.ETHTOOL_GDRVINFO };
        bool counted = TryAsk(socket, link.Name, &channels);
        bool named = TryAsk(socket, link.Name, &driver);

        long rx = counted ? (long)channels.rx_count + channels.combined_count : 0;
        long tx = counted ? (long)channels.tx_count + channels.combined_count : 0;
        return new LinkQueues(
            (int)(rx > 0 ? rx : Math.Max(link.RxQueues, 1)),
            (int)(tx > 0 ? tx : Math.Max(link.TxQueues, 1)),
            named ? Text(new ReadOnlySpan<byte>(driver.driver, 32)) : null);
    }

    private static unsafe bool TryAsk(FileDescriptor socket, string linkName, void* command)
    {
        var request = new IfReq { ifr_name = LinkName.From(linkName), ifr_data = command };
        return Syscalls.Control(socket, SocketsAbi.SIOCETHTOOL, ref request) == 0;
    }

    private static string Text(ReadOnlySpan<byte> octets)
    {
        int end = octets.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? octets : octets[..end]);
    }
}
