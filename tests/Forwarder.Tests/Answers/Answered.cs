using System;
using PacketDotNet;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>What every answer has, whatever it says.</summary>
internal static class Answered
{
    /// <summary>Ethernet, tags, addresses, lengths, hops; hands over the IP packet as PacketDotNet reads it.</summary>
    internal static IPPacket Check(Asked asked, byte[] answer)
    {
        byte[] frame = asked.Frame;
        Assert.Equal(asked.SourceMac, answer[..6]);
        Assert.Equal(Asked.OurMac, answer[6..12]);
        Assert.Equal(frame[12..asked.NetworkAt], answer[12..asked.NetworkAt]); // tags and EtherType
        Packet packet = Packet.ParsePacket(LinkLayers.Ethernet, answer);
        for (int i = 0; i < asked.Tags; i++)
        {
            packet = packet.PayloadPacket;
        }

        var ip = Assert.IsAssignableFrom<IPPacket>(packet.PayloadPacket);
        Assert.Equal((asked.Vip, asked.Client), ($"{ip.SourceAddress}", $"{ip.DestinationAddress}"));
        Assert.Equal(64, ip.TimeToLive);
        Assert.Equal(answer.Length - asked.NetworkAt, ip.TotalLength);
        if (ip is IPv4Packet v4)
        {
            Assert.Equal((5, 0), (v4.HeaderLength, v4.FragmentOffset));
            Assert.True(v4.ValidIPChecksum);
            bool isAtomic = v4.FragmentFlags == 2; // RFC 6864: no identification where nobody may cut
            Assert.Equal(isAtomic ? 0 : 0x1234, v4.Id);
            Assert.Equal(0xFFFF, Sums.Internet(answer.AsSpan(asked.NetworkAt, 20)));
        }
        else
        {
            Assert.Equal(0, Assert.IsType<IPv6Packet>(ip).FlowLabel);
        }

        return ip;
    }
}
