using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests.Steering;

/// <summary>The steering program, run by the kernel on one frame at a time.</summary>
public sealed class SteeringProgramTests : IDisposable
{
    /// <summary>XDP actions. A steered frame is dropped here, for no queue has a socket.</summary>
    private const int Steered = 1, Passed = 2;

    private static readonly FrameBuilder Answer = ToWeb with
    {
        From = Vip,
        FromPort = 80,
        To = Client,
        ToPort = ClientPort,
    };

    private readonly SteeringProgram _steering;
    private readonly byte[] _output = new byte[2048];

    public SteeringProgramTests()
    {
        Privilege.NeedsRoot();
        _steering = new SteeringProgram(Director);
        _steering.SetServices([Web, Dns]);
    }

    public void Dispose() => _steering?.Dispose();

    [Fact]
    public void A_frame_for_a_service_is_steered_and_not_touched()
    {
        byte[] frame = (ToWeb with { OptionWords = 5, Payload = new byte[900] }).Tcp(TcpControl.Syn);

        Assert.Equal(Steered, Run(frame));
        Assert.Equal(Steered, Run(ToDns.Udp()));
        Assert.Equal(Steered, _steering.Program.TestRun(frame, _output));
        Assert.Equal(frame, _output[..frame.Length]);
    }

    [Fact]
    public void Other_ports_addresses_and_protocols_are_passed()
    {
        Assert.Equal(Passed, Run((ToWeb with { ToPort = 81 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Passed, Run((ToWeb with { To = Vip + 1 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Passed, Run(ToWeb.Udp()));
        Assert.Equal(Passed, Run(ToDns.Tcp(TcpControl.Syn)));
        Assert.Equal(Passed, Run(ToWeb.Ipv4(132, new byte[40])));
    }

    [Fact]
    public void Other_stations_frames_are_passed()
    {
        for (int bit = 0; bit < 48; bit++)
        {
            var other = new MacAddress(Director.Bits ^ (1ul << bit));
            Assert.Equal(Passed, Run((ToWeb with { TargetMac = other }).Tcp(TcpControl.Syn)));
        }

        Assert.Equal(Passed, Run((ToWeb with { TargetMac = new MacAddress(0xFFFFFFFFFFFF) }).Tcp(TcpControl.Syn)));
    }

    [Theory]
    [InlineData(0x0806)] // ARP
    [InlineData(0x86DD)] // IPv6, says its type
    [InlineData(0x8100)] // 802.1Q, the same
    [InlineData(0x8847)] // MPLS
    public void What_is_not_what_it_says_is_passed(ushort type) =>
        Assert.Equal(Passed, Run((ToWeb with { Type = type }).Tcp(TcpControl.Syn)));

    [Fact]
    public void Every_number_of_options_is_stepped_over()
    {
        for (int words = 0; words <= 10; words++)
        {
            Assert.Equal(Steered, Run((ToWeb with { OptionWords = words }).Tcp(TcpControl.Syn)));
            Assert.Equal(Passed, Run((ToWeb with { OptionWords = words, ToPort = 22 }).Tcp(TcpControl.Syn)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_frame_cut_before_its_ports_is_passed(int words)
    {
        byte[] frame = (ToWeb with { OptionWords = words }).Tcp(TcpControl.Syn);
        int ports = 14 + 20 + (words * 4) + 4;
        for (int length = 14; length < frame.Length; length++)
        {
            Assert.Equal(length < ports ? Passed : Steered, Run(frame[..length]));
        }

        Assert.Equal(ports - 14, _steering.Read(SteeringCounter.PassedMalformed));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(12)]
    public void An_error_that_quotes_a_service_is_steered(byte type)
    {
        Assert.Equal(Steered, Run(ToWeb.IcmpError(type, Answer.Tcp(TcpControl.Ack))));
        Assert.Equal(Steered, Run(ToWeb.IcmpError(type, (Answer with { OptionWords = 10 }).Tcp(TcpControl.Ack))));
        byte[] quoted = (Answer with { FromPort = 53 }).Udp();
        Assert.Equal(Steered, Run((ToWeb with { OptionWords = 3 }).IcmpError(type, quoted)));
        Assert.Equal(Passed, Run(ToWeb.IcmpError(type, (Answer with { FromPort = 22 }).Tcp(TcpControl.Ack))));
        Assert.Equal(Passed, Run(ToWeb.IcmpError(type, (Answer with { From = Vip + 1 }).Tcp(TcpControl.Ack))));
        Assert.Equal(Steered, Run(ToWeb.IcmpError(type, (Answer with { FragmentBits = 0x2000 }).Tcp(TcpControl.Ack))));
        Assert.Equal(Passed, Run(ToWeb.IcmpError(type, (Answer with { FragmentBits = 0x2001 }).Tcp(TcpControl.Ack))));
        Assert.Equal(Passed, Run(ToWeb.IcmpError(type, Answer.IcmpMessage(8, new byte[8]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(8)]
    public void Echoes_and_redirects_are_passed(byte type) =>
        Assert.Equal(Passed, Run(ToWeb.IcmpError(type, Answer.Tcp(TcpControl.Ack))));

    [Fact]
    public void An_error_cut_before_the_quoted_ports_is_passed()
    {
        byte[] frame = ToWeb.IcmpError(3, Answer.Tcp(TcpControl.Ack));
        for (int length = 14; length <= frame.Length; length++)
        {
            Assert.Equal(length < 14 + 20 + 8 + 20 + 4 ? Passed : Steered, Run(frame[..length]));
        }
    }

    [Fact]
    public void Services_come_and_go()
    {
        ServiceKey other = Web with { Port = 443 };
        _steering.SetServices([Web, other]);
        Assert.Equal(Steered, Run(ToWeb.Tcp(TcpControl.Syn)));
        Assert.Equal(Steered, Run((ToWeb with { ToPort = 443 }).Tcp(TcpControl.Syn)));
        Assert.Equal(Passed, Run(ToDns.Udp()));

        _steering.SetServices([]);
        Assert.Equal(Passed, Run(ToWeb.Tcp(TcpControl.Syn)));

        _steering.SetServices([Dns]);
        Assert.Equal(Steered, Run(ToDns.Udp()));
    }

    [Fact]
    public void A_service_that_found_no_room_gets_it_later()
    {
        List<ServiceKey> tooMany = [.. Enumerable.Range(0, 65_537).Select(n => new ServiceKey((uint)n, 80, Tcp))];
        Assert.Throws<LinuxException>(() => _steering.SetServices(tooMany));

        ServiceKey last = tooMany[^1];
        _steering.SetServices([.. tooMany[..10], last]);
        _steering.SetServices([last]);

        Assert.Equal(Steered, Run((ToWeb with { To = last.Address.V4 }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void Every_frame_is_counted_once()
    {
        Run(ToWeb.Tcp(TcpControl.Syn));
        Run(ToWeb.Tcp(TcpControl.Syn));
        Run(ToWeb.Udp());
        Run(ToWeb.Udp()[..20]);

        Assert.Equal((2L, 1L, 1L), (_steering.Read(SteeringCounter.Steered), _steering.Read(SteeringCounter.Passed),
            _steering.Read(SteeringCounter.PassedMalformed)));
    }

    private int Run(byte[] frame) => _steering.Program.TestRun(frame, _output);
}
