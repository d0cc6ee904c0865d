using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Whole captures through our reader, and our frames through somebody else's.</summary>
public sealed class CaptureTests
{
    public static TheoryData<string> Version2Captures =>
        ["ka-v2-pass-seed", "ka-v2-noauth", "ka-v2-mutual", "ka-v2-unicast", "ka-v2-kill9"];

    [Theory]
    [MemberData(nameof(Version2Captures))]
    public void Every_advert_of_a_capture_is_valid(string capture)
    {
        int adverts = 0;
        foreach (byte[] octets in Frames(capture))
        {
            var frame = new GoldenFrame(capture, "", "", octets);
            if (octets.Length > 34 && octets[12] == 8 && octets[13] == 0 && octets[23] == AdvertReader.Protocol)
            {
                AdvertExpectation expected = GoldenTests.ExpectationOf(GoldenTests.SenderOf(frame), frame);

                Assert.Equal(AdvertFault.None, AdvertReader.Read(frame.IpPacket, expected, out Advert advert));
                Assert.Contains(advert.Priority, new byte[] { 0, 90, 100 });
                adverts++;
            }
        }

        Assert.True(adverts >= 3, $"{adverts} adverts in {capture}");
    }

    [Fact]
    public void An_independent_reader_finds_our_advert_to_be_good_ipv4()
    {
        byte[] octets = new byte[AdvertWriter.LengthOf(TestNode.Defaults)];
        AdvertWriter.Write(octets, TestNode.Defaults, 100, VrrpSettings.GroupV4, 7);

        var ip = (IPv4Packet)Packet.ParsePacket(LinkLayers.RawLegacy, octets).Extract<IPPacket>();

        Assert.True(ip.ValidIPChecksum);
        Assert.Equal(IPAddress.Parse("192.168.5.101"), ip.SourceAddress);
        Assert.Equal(IPAddress.Parse("224.0.0.18"), ip.DestinationAddress);
        Assert.Equal((255, 112, 40), (ip.TimeToLive, (int)ip.Protocol, ip.TotalLength));
        Assert.Equal((0xC0, 7, 0), (ip.TypeOfService, ip.Id, ip.FragmentFlags));
    }

    [Fact]
    public void An_independent_reader_finds_our_announcement_to_be_a_gratuitous_arp()
    {
        byte[] octets = new byte[GratuitousArp.Length];
        GratuitousArp.Write(octets, 0x000C_2900_0065, TestNode.Vip);

        Packet ethernet = Packet.ParsePacket(LinkLayers.Ethernet, octets);
        var arp = ethernet.Extract<ArpPacket>();

        Assert.Equal(PhysicalAddress.Parse("000C29000065"), ethernet.Extract<EthernetPacket>().SourceHardwareAddress);
        Assert.Equal(ArpOperation.Request, arp.Operation);
        Assert.Equal(IPAddress.Parse("192.168.5.100"), arp.SenderProtocolAddress);
        Assert.Equal(IPAddress.Parse("192.168.5.100"), arp.TargetProtocolAddress);
        Assert.Equal(PhysicalAddress.Parse("000C29000065"), arp.SenderHardwareAddress);
        Assert.Equal(PhysicalAddress.Parse("FFFFFFFFFFFF"), arp.TargetHardwareAddress);
    }

    private static List<byte[]> Frames(string capture)
    {
        var frames = new List<byte[]>();
        try
        {
            using var reader = new CaptureFileReaderDevice(Path.Combine(Golden.Folder, capture + ".pcap"));
            reader.Open();
            while (reader.GetNextPacket(out PacketCapture packet) == GetPacketStatus.PacketRead)
            {
                frames.Add(packet.Data.ToArray());
            }
        }
        catch (Exception missing) when (Causes(missing).Any(cause => cause is DllNotFoundException))
        {
            Assert.Skip("libpcap is not installed");
        }

        return frames;
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
