using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Linux.Netlink;

/// <summary>Which interfaces stand on which: a VLAN on a bond, a bond on its ports.</summary>
public static class LinkLayers
{
    /// <summary>Everything that an interface stands on, each once, nearest first; nothing for plain hardware.</summary>
    /// <param name="link">One of them.</param>
    /// <param name="all">All interfaces of its namespace, as <see cref="Links.Dump"/> finds them.</param>
    public static IReadOnlyList<LinkInfo> Beneath(LinkInfo link, IReadOnlyCollection<LinkInfo> all)
    {
        var found = new List<LinkInfo>();
        var waiting = new Queue<LinkInfo>([link]);
        while (waiting.TryDequeue(out LinkInfo upper))
        {
            foreach (LinkInfo each in all)
            {
                if (CarriesDirectly(each, upper) && each.Index != link.Index
                    && found.TrueForAll(known => known.Index != each.Index))
                {
                    found.Add(each);
                    waiting.Enqueue(each);
                }
            }
        }

        return found;
    }

    /// <summary>
    /// The interfaces at the bottom, where frames come in; the interface itself if it stands on none.
    /// </summary>
    public static IReadOnlyList<LinkInfo> Bottom(LinkInfo link, IReadOnlyCollection<LinkInfo> all)
    {
        LinkInfo[] bottom = [.. Beneath(link, all).Where(each => Beneath(each, all).Count == 0)];
        return bottom.Length > 0 ? bottom : [link];
    }

    /// <summary>A veth's LowerIndex is its peer: nothing that it stands on.</summary>
    private static bool CarriesDirectly(LinkInfo lower, LinkInfo upper) =>
        upper.Kind is "vlan" or "macvlan" or "ipvlan" && upper.LowerIndex == lower.Index
        || lower.MasterIndex == upper.Index;
}
