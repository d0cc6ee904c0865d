using System;
using System.Linq;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Packets;

/// <summary>LVS-DR on every kind of frame: MACs, one hop, and a checksum that was left to hardware.</summary>
public sealed class PacketWriterTests
{
    private static readonly MacAddress Target = new(0x02_00_00_00_01_00);

    public static TheoryData<int> Valid => [.. Enumerable.Range(0, ValidFrames.All.Count)];

    [Theory]
    [MemberData(nameof(Valid))]
    public void Changes_both_MACs_and_the_hop_count_and_nothing_else(int index)
    {
        ValidFrame given = ValidFrames.All[index];
        byte[] before = given.Octets, frame = [.. before];
        Redirect(frame);

        int network = FrameBuilder.NetworkAt(before);
        int[] hop = given.Flow.Service.Address.IsV4 ? [network + 8, network + 10, network + 11] : [network + 7];
        Assert.Equal([.. Octets(Target), .. Octets(Director)], frame[..12]);
        Assert.Equal(63, frame[hop[0]]);
        Assert.Equal([], Enumerable.Range(12, frame.Length - 12).Where(i => frame[i] != before[i]).Except(hop));
        Assert.Equal(Outcome.Forwarded, PacketReader.Read(frame, Target, out _)); // the header's checksum too
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(900)]
    public void A_checksum_left_to_hardware_is_completed(int octets)
    {
        byte[] payload = new byte[octets];
        new Random(octets).NextBytes(payload);
        ExtensionHeader[] chain = [ExtensionHeader.HopByHop(), ExtensionHeader.Routing()];
        foreach (FrameBuilder some in (FrameBuilder[])
            [ToWeb, ToWeb6, ToWeb with { OptionWords = 4 }, ToWeb6 with { Extensions = chain }])
        {
            FrameBuilder whole = some with { Payload = payload, Tags = OneTag, Padding = 3 };
            FrameBuilder partial = whole with { Checksum = ChecksumKind.Partial };
            Assert.Equal(Redirected(whole.Tcp(TcpControl.Ack)), Redirected(partial.Tcp(TcpControl.Ack)));
            Assert.Equal(Redirected(whole.Udp()), Redirected(partial.Udp()));
            Assert.Equal(Redirected(whole.Sctp(0)), Redirected(partial.Sctp(0)));
        }
    }

    [Fact]
    public void An_atomic_fragment_s_checksum_is_completed_too()
    {
        FrameBuilder atomic = ToDns6 with { Extensions = [ExtensionHeader.Fragment(0, more: false)] };

        Assert.Equal(
            Redirected(atomic.Udp()), Redirected((atomic with { Checksum = ChecksumKind.Partial }).Udp()));
    }

    [Fact]
    public void A_piece_s_checksum_covers_the_others_and_is_not_completed()
    {
        foreach (FrameBuilder some in (FrameBuilder[])
            [
                ToDns with { FragmentBits = 0x2000 },
                ToDns6 with { Extensions = [ExtensionHeader.Fragment(0, more: true)] },
            ])
        {
            byte[] partial = (some with { Checksum = ChecksumKind.Partial }).Udp();
            Assert.Equal(partial[^8..], Redirected(partial)[^8..]);
            byte[] zero = (some with { Checksum = ChecksumKind.Partial, Payload = new byte[8] }).Sctp(0);
            Assert.Equal(zero[^24..], Redirected(zero)[^24..]);
        }
    }

    [Fact]
    public void A_wrong_checksum_stays_wrong()
    {
        foreach (byte[] frame in (byte[][])[ToDns6.Udp(), ToDns.Udp(), ToSignal6.Sctp(0), ToSignal.Sctp(0)])
        {
            frame[^1] ^= 0x40;
            Assert.Equal(frame[^8..], Redirected(frame)[^8..]); // of SCTP, where the sum stands too
        }
    }

    private static byte[] Redirected(byte[] frame)
    {
        byte[] copy = [.. frame];
        Redirect(copy);
        return copy;
    }

    private static void Redirect(byte[] frame)
    {
        Assert.Equal(Outcome.Forwarded, PacketReader.Read(frame, Director, out Packet packet));
        PacketWriter.Redirect(frame, packet, Director, Target);
    }

    private static byte[] Octets(MacAddress mac)
    {
        byte[] octets = new byte[6];
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] = (byte)((mac.Bits >> (40 - (8 * i))) & 0xFF);
        }

        return octets;
    }
}
