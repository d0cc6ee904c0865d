using System;
using System.IO;
using Tmds.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Linux.Sockets;

/// <summary>
/// A virtual interface whose far end is this process: what is written here arrives in the kernel as if by wire. The only
/// way back for frames that were taken from the kernel before it saw them. Gone when it is disposed or the process ends.
/// </summary>
/// <remarks>Linux Documentation/networking/tuntap.rst.</remarks>
public sealed class TapDevice : IDisposable
{
    private const string ControlPath = "/dev/net/tun";
    private const uint TUNSETIFF = 0x400454CA;
    private const short IFF_TAP = 2, IFF_NO_PI = 0x1000;
    private const uint Dummy = 0xC0000008; // 192.0.0.8
    private const byte ScopeHost = 254;

    private readonly FileDescriptor _tap;

    /// <summary>Makes the interface and sets it up.</summary>
    /// <param name="name">At most 15 octets; "%d" in it becomes a free number.</param>
    /// <exception cref="LinuxException">No such device, or CAP_NET_ADMIN is missing.</exception>
    public unsafe TapDevice(string name)
    {
        string subject = $"{ControlPath} {name}";
        int number;
        fixed (byte* path = "/dev/net/tun"u8)
        {
            number = LibC.open(path, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
        }

        if (number < 0)
        {
            throw new LinuxException("open", subject, LibC.errno);
        }

        _tap = new FileDescriptor(number);
        try
        {
            var request = new IfReqFlags { ifr_name = LinkName.From(name), ifr_flags = IFF_TAP | IFF_NO_PI };
            int errno = Syscalls.Control(_tap, TUNSETIFF, ref request);
            if (errno != 0)
            {
                throw new LinuxException("ioctl TUNSETIFF", subject, errno);
            }

            using NetlinkSocket netlink = NetlinkSocket.OpenRoute();
            var links = new Links(netlink);
            LinkInfo link = links.Get(request.ifr_name.ToString()) ?? throw new IOException($"{name} is not there");
            AcceptClientsFromElsewhere(link, netlink);
            links.SetUp(link.Index, up: true);
            Link = links.Get(link.Index) ?? link;
        }
        catch
        {
            _tap.Dispose();
            throw;
        }
    }

    /// <summary>The interface in the kernel.</summary>
    public LinkInfo Link { get; }

    /// <summary>Hands the kernel a frame. Never blocks.</summary>
    /// <returns>False when the kernel refused it.</returns>
    public unsafe bool TrySend(ReadOnlySpan<byte> frame)
    {
        fixed (byte* first = frame)
        {
            return LibC.write(_tap.Number, first, frame.Length) == frame.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tap.Dispose();

    /// <summary>
    /// The clients' addresses lead elsewhere: strict reverse path filtering would drop them. Loose (2) wins over strict,
    /// the kernel takes the greater of this and "all". On an interface without any address loose drops them, too
    /// (fib_validate_source, net/ipv4/fib_frontend.c), so it has one that nobody is reached by.
    /// </summary>
    /// <remarks>
    /// Linux Documentation/networking/ip-sysctl.rst, rp_filter; RFC 7600: IPv4's dummy address.
    /// </remarks>
    private static void AcceptClientsFromElsewhere(LinkInfo link, NetlinkSocket netlink)
    {
        File.WriteAllText($"/proc/sys/net/ipv4/conf/{link.Name}/rp_filter", "2");
        _ = new Addresses(netlink).Add(link.Index, Dummy, 32, scope: ScopeHost);
    }
}
