using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The real thing: the kernel's veth, XDP and AF_XDP on one side, a raw socket on the other.</summary>
public sealed class XdpAttachmentTests : IDisposable
{
    private readonly List<string> _fellBack = [];
    private readonly VethPair _pair;

    public XdpAttachmentTests()
    {
        Privilege.NeedsRoot();
        _pair = new VethPair();
    }

    public void Dispose() => _pair?.Dispose();

    [Theory]
    [InlineData(true, "XDP native, copy")]
    [InlineData(false, "XDP generic, copy")]
    public void Frames_for_a_service_come_back_rewritten(bool native, string description)
    {
        using XdpAttachment attachment = Open(native);
        attachment.Steering.SetServices([Web]);
        Assert.Equal(description, attachment.Description);
        Assert.Null(attachment.NativeRefusal);
        int told = _fellBack.FindAll(line => line.Contains("zero-copy", StringComparison.Ordinal)).Count;
        Assert.Equal(native ? 1 : 0, told);

        using var world = new World();
        var counters = new OutcomeCounters();
        var table = new ForwardingTable(_pair.Nic.Mac, [Service(Web, A, B)], [], FlowPolicy.Default);
        XskSocket socket = attachment.Sockets[0];
        var loop = new ForwardLoop<XskPort>(socket.OpenPort(), new TablePublisher(table), world.Router, counters);
        loop.RunOnce(1); // shows the kernel its first frames
        FrameBuilder client = ToWeb with { TargetMac = _pair.Nic.Mac, Payload = new byte[1400] };
        for (int i = 0; i < 200; i++)
        {
            byte[] frame = (client with { FromPort = (ushort)i }).Tcp(TcpControl.Syn);
            _pair.Send((client with { ToPort = 22 }).Tcp(TcpControl.Syn)); // left to the kernel
            _pair.Send(frame);
            Turn(loop, socket);
            byte[]? back = _pair.ReceiveFor(i % 2 == 0 ? B.Mac : A.Mac);

            Assert.Equal(Outcome.Forwarded, world.Router.Route(frame, table, 1)); // the same, without a kernel
            Assert.Equal(frame, back);
        }

        Assert.Equal((200L, 0L), (counters.Frames(Outcome.Forwarded), counters.Frames(Outcome.NotOurs)));
        Assert.Equal(200, attachment.Steering.Read(SteeringCounter.Steered));
        Assert.Equal(new XskLosses(0, 0, 0), socket.ReadLosses());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_one_is_told_who_may_be_in_its_way(bool native)
    {
        using XdpAttachment first = Open(native);

        LinuxException refused = Assert.Throws<LinuxException>(() => Open(native).Dispose());

        Assert.Equal(Errno.EBUSY, refused.Number);
        Assert.Contains("another XDP program is attached", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_pair.Nic.Name, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_it_is_disposed_the_interface_is_as_it_was(bool native)
    {
        using (Open(native))
        {
            Assert.Contains("xdp", _pair.Show(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("xdp", _pair.Show(), StringComparison.Ordinal);
        Open(native).Dispose(); // and the queue is free again
    }

    [Fact]
    public void Where_the_driver_refuses_it_goes_above_and_says_why()
    {
        string bridge = _pair.Nic.Name.Replace("xft", "xfb", StringComparison.Ordinal);
        VethPair.Ip($"link add {bridge} up type bridge");
        try
        {
            Nic nic = _pair.Nic with { Name = bridge, Index = VethPair.IndexOf(bridge) };

            using XdpAttachment attachment = OpenOn(nic, native: true);

            Assert.Equal("XDP generic, copy", attachment.Description);
            Assert.Equal("the driver refused it (EOPNOTSUPP)", attachment.NativeRefusal);
        }
        finally
        {
            VethPair.Ip($"link del {bridge}");
        }
    }

    [Fact]
    public void What_is_refused_leaves_nothing_behind()
    {
        LinuxException refused = Assert.Throws<LinuxException>(
            () => OpenOn(_pair.Nic with { Queues = 2 }, native: true));

        Assert.Contains("the interface has no such queue", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xdp", _pair.Show(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_MTU_that_no_chunk_holds_is_refused_with_the_largest_that_one_does()
    {
        LinuxException refused = Assert.Throws<LinuxException>(
            () => OpenOn(_pair.Nic with { Mtu = 9000 }, native: true));

        Assert.Contains("3822", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_lost_for_want_of_memory_is_told_as_that_alone()
    {
        using XdpAttachment attachment = Open(native: true);
        attachment.Steering.SetServices([Web]);
        for (int i = 0; i < 10; i++)
        {
            _pair.Send((ToWeb with { TargetMac = _pair.Nic.Mac }).Tcp(TcpControl.Syn)); // the fill ring is still empty
        }

        Assert.Equal(new XskLosses(NoFrame: 10, ReceiveRingFull: 0, TooLong: 0), attachment.Sockets[0].ReadLosses());
    }

    private static void Turn(ForwardLoop<XskPort> loop, XskSocket socket)
    {
        PollSlot[] slots = [new PollSlot { Descriptor = socket.Descriptor.Number, Wanted = PollSlot.In }];
        Assert.Equal(1, Syscalls.Poll(slots, 2_000_000));
        while (loop.RunOnce(1) > 0)
        {
        }
    }

    private XdpAttachment Open(bool native) => OpenOn(_pair.Nic, native);

    private XdpAttachment OpenOn(Nic nic, bool native) =>
        XdpAttachment.Open(nic, native, offload: null, pin: null, _fellBack.Add);
}
