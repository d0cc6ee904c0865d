using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Director.Tests.Tools.Replayed;

namespace XdpLvs.Director.Tests.Tools;

public sealed class ReplayTests : IDisposable
{
    private readonly Replayed _replay = new();

    public void Dispose() => _replay.Dispose();

    [Fact]
    public void Every_frame_has_a_line_with_its_door_and_every_door_a_count()
    {
        byte[] answer = (ToWeb with { From = Vip, FromPort = 80, To = Client, ToPort = 50_000 }).Tcp(TcpControl.Ack);

        int exit = _replay.Run(Evenly(
            ToWeb.Tcp(TcpControl.Syn),
            ToWeb.Tcp(TcpControl.Ack),
            (ToWeb with { FromPort = 50_001 }).Tcp(TcpControl.Syn),
            ToDns.Udp(),
            ToWeb.IcmpError(3, answer),
            (ToWeb with { FromPort = 50_002 }).Tcp(TcpControl.Ack),
            (ToWeb with { ToPort = 22 }).Tcp(TcpControl.Syn),
            (ToWeb with { TimeToLive = 1 }).Tcp(TcpControl.Ack),
            (ToWeb with { SourceMac = Own }).Tcp(TcpControl.Ack),
            [1, 2, 3]));

        Assert.Equal((0, ""), (exit, _replay.Complaints));
        Assert.Equal(
            [
                "      1     0.000000  TCP SYN 198.51.100.1:50000 > 192.0.2.80:80: forwarded to 192.0.2.2",
                "      2     0.100000  TCP ACK 198.51.100.1:50000 > 192.0.2.80:80: forwarded to 192.0.2.2",
                "      3     0.200000  TCP SYN 198.51.100.1:50001 > 192.0.2.80:80: forwarded to 192.0.2.1",
                "      4     0.300000  UDP 198.51.100.1:50000 > 192.0.2.80:53: forwarded to 192.0.2.3",
                "      5     0.400000  ICMP error from 198.51.100.1 about TCP 192.0.2.80:80 > 198.51.100.1:50000: "
                    + "forwarded to 192.0.2.2",
                "      6     0.500000  TCP ACK 198.51.100.1:50002 > 192.0.2.80:80: answered: RST, no such connection",
                "      7     0.600000  TCP SYN 198.51.100.1:50000 > 192.0.2.80:22: dropped: not for a service",
                "      8     0.700000  TCP ACK 198.51.100.1:50000 > 192.0.2.80:80: "
                    + "answered: time exceeded, no hop left",
                "      9     0.800000  TCP ACK 198.51.100.1:50000 > 192.0.2.80:80: dropped: came from a director",
                "     10     0.900000  3 octets, no Ethernet frame: dropped: malformed",
            ],
            _replay.Frames);
        Assert.Contains("10 frames in 0.900000 s\n", _replay.Output, StringComparison.Ordinal);
        Assert.Equal(
            (5L, 1L, 1L, 1L, 1L, 1L),
            (_replay.Count(Outcome.Forwarded), _replay.Count(Outcome.AnsweredReset), _replay.Count(Outcome.NotOurs),
                _replay.Count(Outcome.AnsweredTimeExceeded), _replay.Count(Outcome.Loop),
                _replay.Count(Outcome.Malformed)));
        Assert.Equal(10, Enum.GetValues<Outcome>().Sum(_replay.Count));
    }

    [Fact]
    public void What_would_be_sent_is_written_with_the_time_of_what_it_was_sent_for()
    {
        PcapFrame[] frames = Evenly(
            ToWeb.Tcp(TcpControl.Syn), ToDns.Udp(), [1], ToDns.Tcp(TcpControl.Ack), ToWeb.Tcp(0));
        _replay.Run(frames);

        List<PcapFrame> sent = _replay.Sent;
        Assert.Equal([frames[0].Us, frames[1].Us, frames[4].Us], sent.Select(frame => frame.Us));
        Assert.Equal(
            [new MacAddress(0x02_00_00_00_00_02), new(0x02_00_00_00_00_03), new(0x02_00_00_00_00_02)],
            sent.Select(frame => MacAddress.From(frame.Octets)));
        Assert.All(sent, frame => Assert.Equal(Own, MacAddress.From(frame.Octets.AsSpan(6))));
        byte[] expected = (ToWeb with { TimeToLive = 63 }).Tcp(TcpControl.Syn);
        Assert.Equal(expected[12..], sent[0].Octets[12..]); // LVS-DR: both MACs, one hop, nothing else
    }

    [Fact]
    public void The_director_is_who_the_first_frame_to_a_virtual_address_goes_to()
    {
        _replay.Run(Evenly(
            (ToWeb with { TargetMac = new MacAddress(1), To = Client }).Udp(),
            ToWeb.Tcp(TcpControl.Syn),
            (ToWeb with { TargetMac = new MacAddress(1) }).Tcp(TcpControl.Syn)));

        Assert.StartsWith(
            "director 02:00:00:00:aa:01, to which frame 2 goes\n", _replay.Output, StringComparison.Ordinal);
        Assert.Equal((1L, 2L), (_replay.Count(Outcome.Forwarded), _replay.Count(Outcome.NotOurs)));
    }

    [Fact]
    public void Mac_addresses_may_be_given()
    {
        var real = new MacAddress(0x02_00_00_00_BB_02);
        _replay.Options = _replay.Options with
        {
            OwnMac = new MacAddress(0x02_00_00_00_AA_02),
            Macs = new Dictionary<IpAddress, MacAddress> { [0xC0000202] = real },
        };
        FrameBuilder toOther = ToWeb with { TargetMac = new MacAddress(0x02_00_00_00_AA_02) };

        _replay.Run(Evenly(ToWeb.Tcp(TcpControl.Syn), toOther.Tcp(TcpControl.Syn)));

        Assert.Equal((1L, 1L), (_replay.Count(Outcome.NotOurs), _replay.Count(Outcome.Forwarded)));
        Assert.Equal(real, MacAddress.From(_replay.Sent[0].Octets));
        Assert.Contains("real server 192.0.2.2 is 02:00:00:00:bb:02\n", _replay.Output, StringComparison.Ordinal);
        Assert.Contains(
            "real server 192.0.2.1 is 02:00:00:00:00:01, made up\n", _replay.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_without_a_frame_for_the_director_says_what_helps()
    {
        Assert.Equal(0, _replay.Run(Evenly((ToWeb with { To = Client }).Tcp(TcpControl.Syn))));

        Assert.Contains("--own-mac", _replay.Complaints, StringComparison.Ordinal);
        Assert.Equal(1, _replay.Count(Outcome.NotOurs));
    }

    [Fact]
    public void Connections_end_by_the_time_of_the_capture()
    {
        byte[] datagram = ToDns.Udp();
        const long second = 1_000_000, limit = 300 * second; // lvs_timeouts udp

        _replay.Run(
            new PcapFrame(0, datagram),
            new PcapFrame(limit - second, datagram),
            new PcapFrame(limit - (2 * second), datagram), // a clock that went back
            new PcapFrame((2 * limit) - second, datagram));

        Assert.EndsWith("192.0.2.3", _replay.Frames[0], StringComparison.Ordinal);
        Assert.EndsWith("192.0.2.3", _replay.Frames[1], StringComparison.Ordinal);
        Assert.EndsWith("192.0.2.3", _replay.Frames[2], StringComparison.Ordinal);
        Assert.EndsWith("192.0.2.2", _replay.Frames[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Fragments_are_listed_when_they_leave()
    {
        FrameBuilder large = ToDns with { Payload = new byte[32] };
        byte[] first = (large with { FragmentBits = 0x2000 }).Udp();
        byte[] rest = (large with { FragmentBits = 0x0005 }).Ipv4(17, new byte[16]);
        byte[] orphan = (large with { FragmentBits = 0x0005, From = Client + 1 }).Ipv4(17, new byte[16]);

        _replay.Run(Evenly(rest, orphan, first));

        Assert.Equal(["      3", "      1", "      2"], _replay.Frames.Select(line => line[..7]));
        Assert.EndsWith("192.0.2.80:53: forwarded to 192.0.2.3", _replay.Frames[0], StringComparison.Ordinal);
        Assert.EndsWith("> 192.0.2.80: forwarded to 192.0.2.3", _replay.Frames[1], StringComparison.Ordinal);
        Assert.EndsWith("> 192.0.2.80: dropped: fragment", _replay.Frames[2], StringComparison.Ordinal);
        Assert.Equal(3, Enum.GetValues<Outcome>().Sum(_replay.Count));
    }

    [Fact]
    public void A_packet_too_large_for_the_real_servers_is_answered()
    {
        _replay.Options = _replay.Options with { Mtu = 500 };

        _replay.Run(Evenly((ToWeb with { Payload = new byte[600] }).Tcp(TcpControl.Syn)));

        Assert.Equal(1, _replay.Count(Outcome.AnsweredTooBig));
        Assert.Equal(Gateway, MacAddress.From(_replay.Sent[0].Octets));
    }

    [Fact]
    public void A_frame_that_was_captured_in_part_is_malformed_and_said_to_be()
    {
        byte[] whole = (ToWeb with { Payload = new byte[600] }).Tcp(TcpControl.Syn);

        _replay.Options = _replay.Options with { OwnMac = Own };
        _replay.Run(new PcapFrame(0, whole[..96], whole.Length - 96));

        Assert.Equal(
            "      1     0.000000  IPv4 TCP 198.51.100.1 > 192.0.2.80, 96 of 654 octets captured: dropped: malformed",
            _replay.Frames.Single());
        Assert.Contains("1 of them were captured in part", _replay.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_prints_only_the_counts()
    {
        _replay.Options = _replay.Options with { Quiet = true, Output = null };

        _replay.Run(Evenly(ToWeb.Tcp(TcpControl.Syn), ToDns.Udp()));

        Assert.StartsWith("2 frames in 0.100000 s\n  forwarded ", _replay.Output, StringComparison.Ordinal);
        Assert.Equal(2, _replay.Count(Outcome.Forwarded));
        Assert.False(File.Exists(_replay.PathOf("out.pcap")));
    }

    [Fact]
    public void Reads_the_next_generation_of_captures_too()
    {
        PcapFrame[] frames = Evenly(ToWeb.Tcp(TcpControl.Syn), ToDns.Udp());

        Assert.Equal(0, _replay.Run(PcapFile.NextGeneration(frames)));

        Assert.Equal(2, _replay.Count(Outcome.Forwarded));
        Assert.Equal([frames[0].Us, frames[1].Us], _replay.Sent.Select(frame => frame.Us));
    }
}
