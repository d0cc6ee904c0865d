using System;
using System.Linq;
using System.Threading.Tasks;
using PacketDotNet;
using Xunit;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Octet for octet, xdplvs sends what keepalived sends, and keepalived finds nothing wrong with it.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.SecondLane)]
public sealed class PeerWireTests
{
    private const int Ip = 14, Message = Ip + 20, Farewell = 0;
    private const string SecondVip = "192.168.5.105";

    /// <summary>Where two senders of the same advert may differ: who they are, and what sums that up.</summary>
    private static readonly int[] MayDiffer =
    [
        .. Enumerable.Range(6, 6), // Ethernet source
        .. Enumerable.Range(Ip + 4, 2), // IP identification
        .. Enumerable.Range(Ip + 10, 6), // IP checksum and source
        Message + 2, // priority
        .. Enumerable.Range(Message + 6, 2), // VRRP checksum
    ];

    [Theory]
    [InlineData("1111")]
    [InlineData(null)]
    public async Task Adverts_and_announcements_are_those_of_keepalived(string? secret)
    {
        PeerInstance strong = new() { Priority = 100, Password = secret, Addresses = [PeerInstance.Vip, SecondVip] };
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerRouter ours = lab.Router("youxi1", PeerKind.XdpLvs, strong);
        PeerRouter theirs = lab.Router("youxi2", PeerKind.Keepalived, strong with { Priority = 90 });
        CapturedFrame our = await lab.SettleAsync(ours, theirs);
        await KeepalivedIsContentAsync(lab, ours, theirs);

        await ours.StopAsync();
        CapturedFrame their = await lab.AdvertAsync(theirs, 0, 5);
        await lab.AdvertsPassAsync(theirs, 1);
        await theirs.StopAsync();

        SameForm(our, their);
        SameForm(
            await lab.AdvertAsync(ours, 0, 1, Farewell),
            await lab.AdvertAsync(theirs, 0, 1, Farewell));
        Assert.All(lab.Adverts(ours), ReadsWell);
        Assert.All(lab.Adverts(theirs), ReadsWell);
        Assert.Equal(90, their.VrrpPriority);
        SameAnnouncements(Announcements(lab, ours), Announcements(lab, theirs));
    }

    /// <summary>Five seconds of adverts, and keepalived, which listens as backup, has nothing to say.</summary>
    private static async Task KeepalivedIsContentAsync(PeerLab lab, PeerRouter ours, PeerRouter theirs)
    {
        long since = PeerLab.Now;
        await lab.AdvertsPassAsync(ours, 5);
        Assert.DoesNotContain(theirs.LogSoFar(), line => line.Us > since);
        Assert.Empty(theirs.Lines(ours.Host.Address)); // nor had it before
    }

    private static void SameForm(CapturedFrame our, CapturedFrame their) =>
        Assert.Empty(FrameDiff.DifferingOffsets(our, their).Except(MayDiffer));

    /// <summary>What an independent reader makes of it: RFC 3768 section 5.</summary>
    private static void ReadsWell(CapturedFrame frame)
    {
        Packet packet = Packet.ParsePacket(LinkLayers.Ethernet, frame.Octets.ToArray());
        IPv4Packet ip = packet.Extract<IPv4Packet>();
        Assert.Equal("01005E000012", packet.Extract<EthernetPacket>().DestinationHardwareAddress.ToString());
        Assert.Equal("224.0.0.18", ip.DestinationAddress.ToString());
        Assert.Equal(0xC0, ip.TypeOfService);
        Assert.Equal(255, ip.TimeToLive);
        Assert.Equal(112, (int)ip.Protocol);
        Assert.Equal(0, ip.FragmentFlags);
        Assert.Equal(0, ip.FragmentOffset);
        Assert.Equal(frame.Octets.Length, Ip + ip.TotalLength);
        Assert.True(ip.ValidIPChecksum);
        Assert.Equal(0xFFFF, Sum(frame.Octets[Message..]));
    }

    /// <summary>The ones' complement sum of RFC 1071, by itself: right checksums make it all ones.</summary>
    private static int Sum(ReadOnlySpan<byte> octets)
    {
        int sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
        {
            sum += (octets[i] << 8) | octets[i + 1];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>The first burst: five rounds over two addresses.</summary>
    private static CapturedFrame[] Announcements(PeerLab lab, PeerRouter from) =>
    [
        .. lab.Frames
            .Where(frame => frame.IsGratuitousArp && Mac(frame) == from.Host.Mac && IsVirtual(frame.ArpSender))
            .Take(10),
    ];

    private static bool IsVirtual(string address) => address is PeerInstance.Vip or SecondVip;

    private static string Mac(CapturedFrame frame) =>
        string.Join(':', Convert.ToHexStringLower(frame.Octets[6..12]).Chunk(2).Select(pair => new string(pair)));

    private static void SameAnnouncements(CapturedFrame[] our, CapturedFrame[] their)
    {
        Assert.Equal(10, our.Length);
        Assert.Equal(their.Select(frame => frame.ArpSender), our.Select(frame => frame.ArpSender));
        int[] macs = [.. Enumerable.Range(6, 6), .. Enumerable.Range(22, 6)];
        foreach ((CapturedFrame mine, CapturedFrame other) in our.Zip(their))
        {
            Assert.Empty(FrameDiff.DifferingOffsets(mine, other).Except(macs));
        }
    }
}
