using System;
using System.Linq;
using XdpLvs.Lab;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Netns.Tests;

/// <summary>Puts frames on a host's cable, whatever they say.</summary>
internal sealed class Injector : IDisposable
{
    private const int NoBuffers = 105, TryAgain = 11, TriesMax = 100_000;

    private readonly FrameSocket _socket;

    /// <summary>Opens a host's card.</summary>
    public Injector(LabHost host)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        _socket = inside.Run(() =>
        {
            using NetlinkSocket netlink = NetlinkSocket.OpenRoute();
            return new FrameSocket(new Links(netlink).Get(host.Link)!.Value.Index, receive: false);
        });
        Mac = Convert.FromHexString(host.Mac.Replace(":", "", StringComparison.Ordinal));
        Address = [.. host.Address.Split('.').Select(byte.Parse)];
    }

    /// <summary>The card's own address, six octets.</summary>
    public byte[] Mac { get; }

    /// <summary>The host's own address, four octets.</summary>
    public byte[] Address { get; }

    /// <summary>Sends one frame. Waits while the card's queue is full.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        int refused = NoBuffers;
        for (int tries = 0; refused is NoBuffers or TryAgain && tries < TriesMax; tries++)
        {
            refused = _socket.Send(frame);
        }

        if (refused != 0)
        {
            throw new LabException($"a frame of {frame.Length} octets was refused: errno {refused}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
