using System;
using System.Collections.Generic;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Director.Forwarding;

/// <summary>
/// Finds the way out towards a real server: where its clients' frames come in, by another interface, or, for one on the
/// director itself, through a TAP device into the kernel. Owned by the director loop.
/// </summary>
internal sealed class ExitBoard(EventLog log) : IDisposable
{
    private const string TapName = "xdplvs%d";

    private readonly NetlinkSocket _netlink = NetlinkSocket.OpenRoute();
    private readonly HashSet<string> _failed = [];
    private TapDevice? _tap;

    /// <summary>The way out of frames that come in by an interface.</summary>
    internal WayOut Find(ForwarderInterface cameIn, RealServerPath path)
    {
        if (path.Interface == cameIn.Nic.Name)
        {
            return default;
        }

        try
        {
            return path.Interface is null ? ToKernel(cameIn) : To(cameIn, path.Interface);
        }
        catch (LinuxException refused)
        {
            string name = path.Interface ?? "a TAP device";
            if (_failed.Add($"{cameIn.Nic.Name} {name}"))
            {
                log.Fail($"{cameIn.Nic.Name}: real servers behind {name} get nothing: {refused.Message}");
            }

            return WayOut.None;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tap?.Dispose();
        _netlink.Dispose();
    }

    private WayOut ToKernel(ForwarderInterface cameIn)
    {
        _tap ??= new TapDevice(TapName);
        var mac = new MacAddress(_tap.Link.Mac);
        int number = cameIn.ExitOf(_tap.Link.Name, redirectTo: null, () => new TapExit(_tap));
        return new WayOut(number, Source: default, Target: mac);
    }

    private WayOut To(ForwarderInterface cameIn, string name)
    {
        LinkInfo link = new Links(_netlink).Get(name) ?? throw new LinuxException("RTM_GETLINK", name, Errno.ENODEV);
        var nic = new Nic(link.Index, name, new MacAddress(link.Mac), link.Mtu, 1);
        bool isTaken = cameIn.HasOffload && (link.Kind != "veth" || VethProbe.Refusal(nic) is null);
        int number = cameIn.ExitOf(name, isTaken ? nic.Index : null, () => new PacketExit(nic));
        return new WayOut(number, nic.Mac, Target: default);
    }
}
