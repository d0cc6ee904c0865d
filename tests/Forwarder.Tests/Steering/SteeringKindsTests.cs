using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Tests.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Steering;

/// <summary>IPv6, VLAN tags, SCTP, services of all ports, and pieces of packets.</summary>
public sealed class SteeringKindsTests : IDisposable
{
    /// <summary>XDP actions. A steered frame is dropped here, for no queue has a socket.</summary>
    private const int Steered = 1, Passed = 2;

    private readonly SteeringProgram _steering;
    private readonly byte[] _output = new byte[2048];

    public SteeringKindsTests()
    {
        Privilege.NeedsRoot();
        _steering = new SteeringProgram(Director);
        _steering.SetServices(
        [
            Web, Web with { Protocol = Udp }, Signal with { Port = 80 }, Dns, Signal,
            Web6, Web6 with { Protocol = Udp }, Signal6 with { Port = 80 }, Dns6, Signal6,
        ]);
    }

    public void Dispose() => _steering?.Dispose();

    [Fact]
    public void Every_kind_of_frame_for_a_service_is_steered() =>
        Assert.All(ValidFrames.All, frame => Assert.Equal((frame, Steered), (frame, Run(frame.Octets))));

    [Fact]
    public void No_kind_of_frame_is_steered_where_there_is_no_service()
    {
        _steering.SetServices([Web with { Address = Vip + 1 }, Web6 with { Address = Parse("2001:db8::81") }]);

        Assert.All(ValidFrames.All, frame => Assert.Equal((frame, Passed), (frame, Run(frame.Octets))));
    }

    [Fact]
    public void What_is_cut_before_its_ports_is_passed()
    {
        foreach (ValidFrame frame in ValidFrames.All)
        {
            bool steered = false;
            for (int length = 14; length <= frame.Octets.Length; length++)
            {
                bool now = Run(frame.Octets[..length]) == Steered;
                Assert.True(now || !steered, $"{frame.Name} cut at {length}"); // more octets never make it less ours
                steered = now;
            }

            Assert.True(steered);
        }
    }

    [Fact]
    public void What_the_kernel_must_answer_is_passed()
    {
        FrameBuilder ssh = ToWeb with { ToPort = 22 }, ssh6 = ToWeb6 with { ToPort = 22 };
        byte[][] frames =
        [
            ssh.Tcp(TcpControl.Syn), ssh6.Tcp(TcpControl.Syn), (ssh6 with { Tags = TwoTags }).Tcp(TcpControl.Syn),
            ToWeb.IcmpMessage(8, new byte[56]), ToWeb6.IcmpMessage(128, new byte[56]),
            ToWeb6.IcmpMessage(135, new byte[24]), ToWeb6.IcmpMessage(136, new byte[24]),
            .. Fragments.Of(ToWeb.IcmpMessage(8, new byte[56]), 16, 1),
            .. Fragments.Of(ToWeb6.IcmpMessage(128, new byte[56]), 16, 1),
            ToWeb6.Ipv6(50, new byte[40]), ToWeb6.Ipv6(59, new byte[40]), ToWeb.Ipv4(112, new byte[20]),
            ToWeb.IcmpError(3, Answer(ssh).Tcp(TcpControl.Ack)), ToWeb6.IcmpError(1, Answer(ssh6).Tcp(TcpControl.Ack)),
        ];

        Assert.All(frames, frame => Assert.Equal(Passed, Run(frame)));
    }

    [Fact]
    public void Chains_that_the_forwarder_does_not_walk_are_passed()
    {
        ExtensionHeader options = ExtensionHeader.Options();
        ExtensionHeader[][] chains =
        [
            [options, options, options, options, options],
            [ExtensionHeader.Options(72)],
            [ExtensionHeader.Authentication(12)],
            [options, ExtensionHeader.HopByHop()],
            [ExtensionHeader.Routing(segmentsLeft: 1)],
            [ExtensionHeader.Fragment(0, more: true), options],
            [ExtensionHeader.Fragment(8, more: true), options],
        ];

        Assert.All(chains, chain =>
            Assert.Equal(Passed, Run((ToWeb6 with { Extensions = chain }).Tcp(TcpControl.Syn))));
        FrameBuilder quoted = Answer(ToWeb6) with { Extensions = [options, options, options] };
        Assert.Equal(Passed, Run(ToWeb6.IcmpError(1, quoted.Tcp(TcpControl.Ack), 80)));
    }

    [Fact]
    public void A_service_of_all_ports_takes_each_that_is_nobody_else_s()
    {
        ServiceKey all = new(Vip + 7, 0, Tcp), all6 = new(Parse("2001:db8::7"), 0, Udp);
        _steering.SetServices([all, all6, Web]);

        for (int port = 0; port <= ushort.MaxValue; port += 257)
        {
            FrameBuilder to = ToWeb with { To = all.Address, ToPort = (ushort)port };
            FrameBuilder to6 = ToWeb6 with { To = all6.Address, ToPort = (ushort)port };
            Assert.Equal((Steered, Passed), (Run(to.Tcp(TcpControl.Syn)), Run(to.Udp())));
            Assert.Equal((Steered, Passed), (Run(to6.Udp()), Run(to6.Tcp(TcpControl.Syn))));
            Assert.Equal(Steered, Run(ToWeb.IcmpError(3, Answer(to).Tcp(TcpControl.Ack))));
        }

        Assert.Equal(Passed, Run((ToWeb with { ToPort = 0 }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void The_families_do_not_meet_in_an_address()
    {
        _steering.SetServices([Web, Web6 with { Address = Parse("c000:250::") }]); // begins as 192.0.2.80 does
        byte[] mapped = ToWeb6.Tcp(TcpControl.Syn);
        new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 80 }.CopyTo(mapped, 14 + 24);

        Assert.Equal(Passed, Run(mapped));
        Assert.Equal(Steered, Run(ToWeb.Tcp(TcpControl.Syn)));
        _steering.SetServices([Web6 with { Address = Parse("c000:250::") }]);
        Assert.Equal(Passed, Run(ToWeb.Tcp(TcpControl.Syn)));
        _steering.SetServices([Web]);
        Assert.Equal(Passed, Run((ToWeb6 with { To = Parse("c000:250::") }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void Later_pieces_go_where_the_first_went()
    {
        foreach (FrameBuilder dns in (FrameBuilder[])[ToDns, ToDns6, ToDns6 with { Tags = OneTag }])
        {
            FrameBuilder ours = dns with { Payload = new byte[60] }, theirs = ours with { ToPort = 500 };
            Assert.All(Pieces(ours, 1), piece => Assert.Equal(Steered, Run(piece)));
            Assert.All(Pieces(theirs, 2), piece => Assert.Equal(Passed, Run(piece)));
            Assert.All(Pieces(ours, 2), piece => Assert.Equal(Steered, Run(piece))); // the number was used again
            Assert.All(Pieces(ours, 3).Reverse(), piece => Assert.Equal(Steered, Run(piece)));
            Assert.All(Pieces(theirs with { From = Other(dns) }, 4), piece => Assert.Equal(Passed, Run(piece)));
            Assert.All(Pieces(ours, 4).Skip(1), piece => Assert.Equal(Steered, Run(piece))); // another sender's
        }
    }

    [Fact]
    public void Pieces_for_a_protocol_without_a_service_are_passed()
    {
        _steering.SetServices([Web, Web6]);

        Assert.All(Pieces(ToDns, 1), piece => Assert.Equal(Passed, Run(piece)));
        Assert.All(Pieces(ToDns6, 1), piece => Assert.Equal(Passed, Run(piece)));
        Assert.All(Pieces(ToDns with { ToPort = 80 }, 1), piece => Assert.Equal(Passed, Run(piece)));
    }

    [Fact]
    public void Services_that_share_an_address_share_the_key_of_its_pieces()
    {
        _steering.SetServices([Dns, Dns with { Port = 54 }]);
        _steering.SetServices([Dns]);
        Assert.Equal(Steered, Run(Pieces(ToDns, 1)[1]));

        _steering.SetServices([Web]);
        Assert.Equal(Passed, Run(Pieces(ToDns, 2)[1]));
    }

    private static IpAddress Other(FrameBuilder frame) =>
        frame.From.IsV4 ? Client + 1 : Parse("2001:db8:1::2");

    private static IReadOnlyList<byte[]> Pieces(FrameBuilder frame, uint id) =>
        Fragments.Of((frame with { Payload = new byte[60] }).Udp(), 24, id);

    private int Run(byte[] frame) => _steering.Program.TestRun(frame, _output);
}
