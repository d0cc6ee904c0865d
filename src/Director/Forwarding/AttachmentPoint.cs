using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Director.Forwarding;

/// <summary>An interface whose frames are to be taken.</summary>
/// <param name="Nic">As the rings need to know it.</param>
/// <param name="Choice">What it allows.</param>
/// <param name="Hardware">Names of the interfaces by which its frames come in: itself, or those it stands on.</param>
internal sealed record AttachmentPoint(Nic Nic, AttachmentChoice Choice, ImmutableArray<string> Hardware)
{
    /// <summary>One end of a pair: what it sends from an XDP program, the other end may refuse.</summary>
    internal bool IsVeth { get; init; }

    /// <summary>
    /// Finds interfaces, each after those that it stands on: the kernel lets no program onto an interface when one
    /// above it has one already.
    /// </summary>
    /// <exception cref="IOException">One is not there, or cannot be used; the message says what can.</exception>
    internal static IEnumerable<AttachmentPoint> Find(NetlinkSocket netlink, IEnumerable<string> names)
    {
        IReadOnlyList<LinkInfo> all = new Links(netlink).Dump();
        LinkInfo[] wanted = [.. names.Distinct().Select(name => Require(all, name))];
        return [.. wanted.OrderBy(link => LinkLayers.Beneath(link, all).Count).Select(link => Judge(link, all))];
    }

    private static LinkInfo Require(IReadOnlyList<LinkInfo> all, string name)
    {
        LinkInfo link = all.FirstOrDefault(each => each.Name == name);
        return link.Index != 0 ? link : throw new IOException($"interface {name} does not exist");
    }

    private static AttachmentPoint Judge(LinkInfo link, IReadOnlyList<LinkInfo> all)
    {
        LinkInfo? master = link.MasterIndex is { } index
            ? all.Select(each => (LinkInfo?)each).FirstOrDefault(each => each!.Value.Index == index)
            : null;
        AttachmentChoice choice = AttachmentChoice.For(link, master);
        if (choice.Refusal is { } refusal)
        {
            throw new IOException($"interface {link.Name} cannot give frames to virtual servers: {refusal}");
        }

        IEnumerable<LinkInfo> ports = all.Where(each => each.MasterIndex == link.Index);
        int portQueuesMax = ports.Select(port => LinkQueues.Read(port).Rx).DefaultIfEmpty(0).Max();
        int queues = AttachmentChoice.QueuesOf(link, LinkQueues.Read(link).Rx, portQueuesMax);
        return new AttachmentPoint(
            new Nic(link.Index, link.Name, new MacAddress(link.Mac), link.Mtu, queues),
            choice,
            [.. LinkLayers.Bottom(link, all).Select(each => each.Name)])
        {
            IsVeth = link.Kind == "veth",
        };
    }
}
