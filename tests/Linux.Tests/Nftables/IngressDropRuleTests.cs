using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Linux.Nftables;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Nftables;

/// <summary>A client there, the VIP's machine here; nobody listens, so a kernel that hears answers RST.</summary>
public sealed class IngressDropRuleTests
{
    internal static readonly IngressService Service = new(TestNetwork.HereAddress, 6, 80);

    private static readonly IngressService UdpService = new(TestNetwork.HereAddress, 17, 53);

    private enum Answer
    {
        Reset,
        Silence,
    }

    [Fact]
    public async Task The_kernel_answers_until_the_rule_is_there_and_again_when_it_is_gone()
    {
        using var network = new TestNetwork();
        Assert.Equal(Answer.Reset, await Knock(network, 80));

        using (IngressDropRule rule = Install(network, Service))
        {
            Assert.Equal(Answer.Silence, await Knock(network, 80));
            Assert.Equal(Answer.Reset, await Knock(network, 81));
            Assert.InRange(rule.CountDropped(), 1ul, 3ul);
        }

        Eventually.True(() => Listing(network) is null, "the table goes");
        Assert.Equal(Answer.Reset, await Knock(network, 80));
    }

    [Fact]
    public async Task Services_are_swapped_whole()
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, Service);

        rule.Replace([Service with { Port = 81 }, Service with { Port = 82 }, Service with { Port = 81 }]);
        Assert.Equal(Answer.Reset, await Knock(network, 80));
        Assert.Equal(Answer.Silence, await Knock(network, 81));

        rule.Replace([]);
        Assert.Equal(Answer.Reset, await Knock(network, 81));
        rule.Replace([Service]);
        Assert.Equal(Answer.Silence, await Knock(network, 80));
    }

    [Fact]
    public void Takes_thousands_of_services()
    {
        using var network = new TestNetwork();
        var services = new IngressService[20_000];
        for (int i = 0; i < services.Length; i++)
        {
            services[i] = new IngressService(TestNetwork.HereAddress + (uint)(i / 1000), 17, (ushort)(i % 1000));
        }

        using IngressDropRule rule = Install(network, services);
        rule.Replace(services);
        Send(network, Udp(first: true, offset: 0, 999));

        Eventually.True(() => rule.CountDropped() == 1, "a drop is counted");
        Assert.Contains("flags owner", Listing(network), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0, 53, 1)] // the first fragment has the port
    [InlineData(false, 0, 53, 1)]
    [InlineData(false, 0, 54, 0)]
    [InlineData(true, 185, 53, 0)] // a later one has data where the port would be
    public void A_first_fragment_is_dropped_and_a_later_one_is_not(bool more, int offset, ushort port, ulong dropped)
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, UdpService);

        Send(network, Udp(more, offset, port));
        Send(network, Udp(first: false, offset: 0, 53)); // one more that is dropped shows that the other has been seen

        Eventually.True(() => rule.CountDropped() == dropped + 1, "the drops are counted");
    }

    [Theory]
    [InlineData(3, 53, 1)]
    [InlineData(11, 53, 1)]
    [InlineData(12, 53, 1)]
    [InlineData(4, 53, 1)]
    [InlineData(8, 53, 0)] // an echo request is for the kernel, whatever it carries
    [InlineData(0, 53, 0)]
    [InlineData(3, 54, 0)]
    public void An_error_about_a_service_is_dropped_too(byte type, ushort port, ulong dropped)
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, UdpService);

        Send(network, IcmpQuoting(type, port));
        Send(network, Udp(first: false, offset: 0, 53));

        Eventually.True(() => rule.CountDropped() == dropped + 1, "the drops are counted");
    }

    [Fact]
    public void A_packet_socket_still_gets_what_the_kernel_does_not()
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, UdpService);
        using FrameSocket tap = network.Here.Run(() => new FrameSocket(network.HereLink.Index));
        byte[] sent = Udp(first: false, offset: 0, 53), target = new byte[2048];
        Send(network, sent);

        bool seen = false;
        while (!seen && tap.TryReceive(target, 5_000_000, out TappedFrame frame))
        {
            seen = target.AsSpan(26, 8).SequenceEqual(sent.AsSpan(26, 8)) && frame.Length == sent.Length;
        }

        Assert.True(seen);
    }

    [Fact]
    public void A_second_owner_is_told_who_is_in_the_way()
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, Service);

        var refused = Assert.Throws<LinuxException>(() => Install(network, Service));

        Assert.StartsWith("nf_tables table netdev xdplvs-e0: EPERM", refused.Message, StringComparison.Ordinal);
        Assert.Contains("another process owns it", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(Listing(network));
    }

    [Fact]
    public void A_table_made_by_hand_is_in_the_way_too()
    {
        using var network = new TestNetwork();
        Assert.NotNull(TestNetwork.Run("ip", $"netns exec {network.HereName} nft add table netdev xdplvs-e0"));

        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Install(network, Service)).Number);
    }

    [Fact]
    public void A_link_that_is_not_there_leaves_no_table_behind()
    {
        using var network = new TestNetwork();
        var refused = Assert.Throws<LinuxException>(
            () => network.Here.Run(() => new IngressDropRule("nope0", [Service])));
        Assert.Equal("nf_tables table netdev xdplvs-nope0: ENODEV (No such device)", refused.Message);
        Assert.Null(TestNetwork.Run("ip", $"netns exec {network.HereName} nft list table netdev xdplvs-nope0"));
    }

    [Fact]
    public async Task The_rule_dies_with_its_process()
    {
        using var network = new TestNetwork();
        string program = Path.Combine(AppContext.BaseDirectory, "XdpLvs.Linux.Tests");
        var start = new System.Diagnostics.ProcessStartInfo("ip", $"netns exec {network.HereName} {program}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [RuleHolder.Variable] = "e0" },
        };
        using var holder = System.Diagnostics.Process.Start(start)!;
        Assert.Equal(
            RuleHolder.Ready, await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Answer.Silence, await Knock(network, 80));

        holder.Kill(); // SIGKILL; "ip netns exec" has become the program
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);

        Eventually.True(() => Listing(network) is null, "the table goes");
        Assert.Equal(Answer.Reset, await Knock(network, 80));
    }

    private static IngressDropRule Install(TestNetwork network, params IngressService[] services) =>
        network.Here.Run(() => new IngressDropRule("e0", services));

    private static string? Listing(TestNetwork network) =>
        TestNetwork.Run("ip", $"netns exec {network.HereName} nft list table netdev xdplvs-e0");

    private static async Task<Answer> Knock(TestNetwork network, int port)
    {
        using Socket socket = network.There.Run(
            () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            await socket.ConnectAsync(new IPEndPoint(0x01004D0A, port), patience.Token);
            throw new InvalidOperationException("somebody listens");
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return Answer.Reset;
        }
        catch (OperationCanceledException)
        {
            return Answer.Silence;
        }
    }

    private static void Send(TestNetwork network, byte[] frame)
    {
        BinaryPrimitives.WriteUInt64BigEndian(frame, (network.HereLink.Mac << 16) | (network.ThereLink.Mac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)(network.ThereLink.Mac & 0xFFFFFFFF));
        using FrameSocket socket = network.There.Run(() => new FrameSocket(network.ThereLink.Index, receive: false));
        Assert.Equal(0, socket.Send(frame));
    }

    private static byte[] Udp(bool first, int offset, ushort port)
    {
        byte[] frame = Ipv4(protocol: 17, "9999 0035 0010 0000 0102030405060708");
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), (ushort)((first ? 0x2000 : 0) | offset));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(36), port);
        return Summed(frame);
    }

    private static byte[] IcmpQuoting(byte type, ushort port)
    {
        byte[] frame = Ipv4(protocol: 1, "0301 0000 00000000 4500 0024 0000 0000 4011 0000 0a4d0001 0a4d0002"
            + "0035 9999 0010 0000");
        frame[34] = type;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(62), port);
        return Summed(frame);
    }

    private static byte[] Ipv4(byte protocol, string payload)
    {
        byte[] frame = Hex.Octets("000000000000 000000000000 0800 4500 0000 0001 0000 4000 0000 0a4d0002 0a4d0001"
            + payload);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        frame[23] = protocol;
        return frame;
    }

    private static byte[] Summed(byte[] frame)
    {
        uint sum = 0;
        for (int i = 14; i < 34; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), (ushort)(~(sum + (sum >> 16)) & 0xFFFF));
        return frame;
    }
}
