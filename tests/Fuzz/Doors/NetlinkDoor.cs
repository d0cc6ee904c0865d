using System.Collections.Generic;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Fuzz.Doors;

/// <summary>The kernel's messages. The kernel is trusted, its messages' lengths are not.</summary>
internal sealed class NetlinkDoor : IFuzzDoor
{
    public string Name => "netlink";

    public int InputsPerMillion => 500_000;

    public IReadOnlyList<byte[]> Seeds { get; } = [Link(), Address(), Neighbour(), [.. Link(), .. Neighbour()]];

    public string Feed(byte[] input)
    {
        var reader = new NetlinkReader(input);
        string became = "no message";
        while (reader.TryRead(out NetlinkMessage message))
        {
            became = RouteEvents.TryParse(message, out NetworkEvent happened) ? $"{happened.Kind}" : "another message";
            WalkOver(message.Payload, depth: 3);
        }

        return became;
    }

    public void Dispose()
    {
        // nothing is held
    }

    /// <summary>Every attribute's every reading, to a depth that no message has.</summary>
    private static void WalkOver(System.ReadOnlySpan<byte> octets, int depth)
    {
        var attributes = new NetlinkAttributes(octets);
        while (attributes.TryRead(out NetlinkField field))
        {
            _ = (field.Number, field.BigEndian, field.BigEndian64, field.Mac, field.Text, field.Address);
            if (depth > 0)
            {
                WalkOver(field.Value, depth - 1);
            }
        }
    }

    private static byte[] Link() => Written(new NetlinkMessageWriter()
        .Begin(NetlinkAbi.RTM_NEWLINK, 0, new IfInfoMsg { ifi_index = 7 })
        .Text(3, "ens33").Number(4, 1500).Attribute(1, [2, 0, 0, 0, 0, 1]));

    private static byte[] Address() => Written(new NetlinkMessageWriter()
        .Begin(NetlinkAbi.RTM_NEWADDR, 0, new IfAddrMsg { ifa_family = 2, ifa_prefixlen = 24, ifa_index = 7 })
        .BigEndian(NetlinkAbi.IFA_LOCAL, 0xC0A80564).Text(NetlinkAbi.IFA_LABEL, "ens33:1"));

    private static byte[] Neighbour() => Written(new NetlinkMessageWriter()
        .Begin(NetlinkAbi.RTM_NEWNEIGH, 0, new NdMsg { ndm_ifindex = 7, ndm_state = 2, ndm_family = 2 })
        .BigEndian(1, 0xC0A80567).Attribute(2, [2, 0, 0, 0, 0, 3]));

    private static byte[] Written(NetlinkMessageWriter writer)
    {
        writer.Stamp(1);
        return writer.Octets.ToArray();
    }
}
