using System;
using System.IO;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>An interface that carries virtual addresses: the instance's own, or the one that 'dev' names.</summary>
/// <remarks>Owned by the VRRP thread.</remarks>
internal sealed class VipDevice(LinkInfo link) : IDisposable
{
    private readonly FrameSocket _frames = new(link.Index, receive: false);
    private readonly byte[] _frame = new byte[Math.Max(GratuitousArp.Length, NeighbourAdvertisement.Length)];
    private readonly bool _isRouter = ForwardsIpv6(link.Name);
    private Pacer _pacer;

    /// <summary>The interface as last heard of: announcements carry its MAC.</summary>
    internal LinkInfo Link { get; set; } = link;

    /// <summary>Whether frames can be sent and received.</summary>
    internal bool IsReady => Link.IsUp && Link.IsRunning;

    /// <summary>An instance has addresses here, and wants its announcements so far apart.</summary>
    internal void Pace(AnnounceSettings wish) => _pacer = _pacer.Slower(wish);

    /// <summary>When the next announcement of that family may be sent.</summary>
    internal Instant FreeAt(VrrpAddress vip) => _pacer.FreeAt(!vip.IsV4);

    /// <summary>Sends one announcement. A refusal is the link's affair, and its events tell of it.</summary>
    internal void Announce(VrrpAddress vip, Instant now)
    {
        int length = vip.IsV4
            ? GratuitousArp.Write(_frame, Link.Mac, vip)
            : NeighbourAdvertisement.Write(_frame, Link.Mac, vip, _isRouter);
        _ = _frames.Send(_frame.AsSpan(0, length));
        _pacer = _pacer.Sent(!vip.IsV4, now);
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    /// <summary>The router flag of an NA must say what the kernel does (RFC 4861 section 4.4).</summary>
    private static bool ForwardsIpv6(string name)
    {
        string path = $"/proc/sys/net/ipv6/conf/{name}/forwarding";
        return File.Exists(path) && File.ReadAllText(path).Trim() == "1";
    }
}
