using System;
using System.Collections.Generic;
using XdpLvs.Linux.Netlink;
using Xunit;

namespace XdpLvs.Linux.Tests.Netlink;

public sealed class NetlinkMessageTests
{
    // As "ip -n NS link show dev lo" and its like were answered by Linux 6.18, attributes shortened to those we read.
    private const string LinkMessage =
        "54000000 10000000 05000000 00000000"
        + "00000100 02000000 43100100 00000000"
        + "07000300 65300000 08000400 dc050000 0a000100 0200 0000 0001 0000"
        + "08000a00 07000000 08001f00 02000000 08002000 03000000";

    [Fact]
    public void Writes_the_octets_of_an_address_request()
    {
        var header = new IfAddrMsg { ifa_family = 2, ifa_prefixlen = 32, ifa_scope = 0, ifa_index = 7 };
        var writer = new NetlinkMessageWriter();

        writer.Begin(NetlinkAbi.RTM_NEWADDR, NetlinkAbi.NLM_F_ACK, header)
            .BigEndian(NetlinkAbi.IFA_LOCAL, 0x0A4D0064)
            .Text(NetlinkAbi.IFA_LABEL, "e0:1");
        writer.Stamp(9);

        Assert.Equal(
            Hex.Octets("2c000000 14000500 09000000 00000000 02200000 07000000"
                + "08000200 0a4d0064 09000300 65303a31 00000000"),
            writer.Octets.ToArray());
    }

    [Fact]
    public void Nests_attributes_and_numbers_messages_up_to_the_last_that_wants_an_answer()
    {
        var writer = new NetlinkMessageWriter();
        writer.Begin(0x10, 0, (byte)1);
        writer.Begin(0x11, NetlinkAbi.NLM_F_ACK, (byte)2);
        int outer = writer.BeginNested(4);
        int inner = writer.BeginNested(1);
        writer.BigEndian(2, 0x01020304).EndNested(inner).EndNested(outer);
        writer.Begin(0x12, 0, (byte)3);

        Assert.Equal(8u, writer.Stamp(7));
        Assert.Equal(
            Hex.Octets("14000000 10000100 07000000 00000000 01000000"
                + "24000000 11000500 08000000 00000000 02000000 10000480 0c000180 08000200 01020304"
                + "14000000 12000100 09000000 00000000 03000000"),
            writer.Octets.ToArray());
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        var writer = new NetlinkMessageWriter();
        int mark = 0;
        writer.Begin(20, 0, new NdMsg { ndm_ifindex = 5 }).Number(1, 0xCAFE).Text(2, "name");
        mark = writer.BeginNested(3);
        writer.BigEndian(1, 42).EndNested(mark).Attribute(4, [0, 1, 2, 3, 4, 5]);

        var reader = new NetlinkReader(writer.Octets);
        Assert.True(reader.TryRead(out NetlinkMessage message));
        Assert.True(message.TryOpen(out NdMsg header, out NetlinkAttributes attributes));
        Assert.Equal(5, header.ndm_ifindex);
        Assert.True(attributes.TryFind(1, out NetlinkField number) && number.Number == 0xCAFE);
        Assert.True(attributes.TryFind(2, out NetlinkField text) && text.Text == "name");
        Assert.True(attributes.TryFind(3, out NetlinkField nested));
        Assert.True(nested.Nested.TryFind(1, out NetlinkField inner) && inner.BigEndian == 42);
        Assert.True(attributes.TryFind(4, out NetlinkField mac) && mac.Mac == 0x000102030405);
        Assert.False(attributes.TryFind(5, out _));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void Reads_a_link()
    {
        var reader = new NetlinkReader(Hex.Octets(LinkMessage));

        Assert.True(reader.TryRead(out NetlinkMessage message));
        Assert.True(Links.TryParse(message, out LinkInfo link));
        Assert.Equal(
            new LinkInfo(2, "e0", 0x020000000001, 1500, true, true, 7, 3, 2) { IsEthernet = true }, link);
    }

    [Theory]
    [InlineData("bond", NetlinkAbi.IFLA_BOND_MODE, 6, 6)]
    [InlineData("ipvlan", NetlinkAbi.IFLA_IPVLAN_MODE, 2, 2)]
    [InlineData("ipvlan", NetlinkAbi.IFLA_IPVLAN_MODE + 1, 2, null)]
    [InlineData("vlan", 1, 10, null)] // attribute 1 of a VLAN is its number
    public void Reads_the_mode_of_a_kind_that_has_one(string kind, int attribute, byte value, int? mode)
    {
        var writer = new NetlinkMessageWriter();
        writer.Begin(NetlinkAbi.RTM_NEWLINK, 0, new IfInfoMsg { ifi_index = 3 }).Text(NetlinkAbi.IFLA_IFNAME, "x0");
        int info = writer.BeginNested(NetlinkAbi.IFLA_LINKINFO);
        writer.Text(NetlinkAbi.IFLA_INFO_SLAVE_KIND, "bridge").Text(NetlinkAbi.IFLA_INFO_KIND, kind);
        int data = writer.BeginNested(NetlinkAbi.IFLA_INFO_DATA);
        writer.Attribute((ushort)attribute, [value, 0]).EndNested(data).EndNested(info);
        writer.Number(NetlinkAbi.IFLA_LINK, 9);

        var reader = new NetlinkReader(writer.Octets);
        Assert.True(reader.TryRead(out NetlinkMessage message));
        Assert.True(Links.TryParse(message, out LinkInfo link));
        Assert.Equal((kind, "bridge", mode, 9), (link.Kind, link.PortKind, link.Mode, link.LowerIndex));
    }

    [Fact]
    public void A_lower_link_of_another_namespace_is_none()
    {
        var writer = new NetlinkMessageWriter();
        writer.Begin(NetlinkAbi.RTM_NEWLINK, 0, new IfInfoMsg { ifi_index = 3 }).Text(NetlinkAbi.IFLA_IFNAME, "x0")
            .Number(NetlinkAbi.IFLA_LINK, 9).Number(NetlinkAbi.IFLA_LINK_NETNSID, 0);

        var reader = new NetlinkReader(writer.Octets);
        Assert.True(reader.TryRead(out NetlinkMessage message));
        Assert.True(Links.TryParse(message, out LinkInfo link));
        Assert.Null(link.LowerIndex);
    }

    [Fact]
    public void A_bridge_speaking_of_its_port_is_not_a_link()
    {
        byte[] octets = Hex.Octets(LinkMessage);
        octets[16] = 7; // AF_BRIDGE
        var reader = new NetlinkReader(octets);

        Assert.True(reader.TryRead(out NetlinkMessage message));
        Assert.False(RouteEvents.TryParse(message, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("0f000000 10000000 00000000 00000000")] // shorter than its own header
    [InlineData("11000000 10000000 00000000 00000000")] // longer than what there is
    [InlineData("ffffffff 10000000 00000000 00000000")]
    public void Refuses_a_message_whose_length_does_not_fit(string octets) =>
        Assert.False(new NetlinkReader(Hex.Octets(octets)).TryRead(out _));

    [Theory]
    [InlineData("0400")]
    [InlineData("03000100")] // shorter than its own header
    [InlineData("09000100 00000000")] // longer than what there is
    [InlineData("00000000 08000100 00000000")] // a zero length would never end
    public void Refuses_an_attribute_whose_length_does_not_fit(string octets) =>
        Assert.False(new NetlinkAttributes(Hex.Octets(octets)).TryRead(out _));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Octets_changed_at_random_never_throw(int seed)
    {
        var random = new Random(seed);
        byte[] good = Hex.Octets(LinkMessage);
        ushort[] types = [16, 17, 20, 21, 24, 25, 28, 29, 2, 3];
        for (int turn = 0; turn < 50_000; turn++)
        {
            byte[] octets = good[..random.Next(good.Length + 1)];
            if (octets.Length > 5)
            {
                octets[4] = (byte)types[random.Next(types.Length)];
            }

            for (int change = random.Next(6); change > 0 && octets.Length > 0; change--)
            {
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            }

            ReadAll(octets);
        }
    }

    private static void ReadAll(byte[] octets)
    {
        var reader = new NetlinkReader(octets);
        var seen = new List<NetworkEvent>();
        while (reader.TryRead(out NetlinkMessage message))
        {
            if (RouteEvents.TryParse(message, out NetworkEvent happened))
            {
                seen.Add(happened);
            }

            if (message.TryOpen(out NdMsg _, out NetlinkAttributes attributes))
            {
                while (attributes.TryRead(out NetlinkField field))
                {
                    _ = field.Number + field.BigEndian + field.BigEndian64 + (field.Mac ?? 0);
                    _ = field.Text;
                    _ = field.Nested.TryFind(1, out _);
                }
            }
        }

        Assert.InRange(seen.Count, 0, octets.Length / 16);
    }
}
