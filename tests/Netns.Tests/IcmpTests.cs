using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;
using XdpLvs.Linux.Process;

namespace XdpLvs.Netns.Tests;

/// <summary>Errors about a connection reach who serves it; everything else of ICMP is the kernel's.</summary>
public sealed class IcmpTests(LivingPair pair) : IClassFixture<LivingPair>
{
    private const int Layer4 = Forgery.Ip + 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly byte[] Vip = [192, 168, 5, 100];

    [Fact]
    public async Task Fragmentation_needed_reaches_the_real_server_of_the_flow_that_it_quotes()
    {
        using Socket connection = await ConnectAsync();
        var local = (IPEndPoint)connection.LocalEndPoint!;
        string serving = ServerOf(local);
        string other = TutorialNetwork.RealServers.Single(name => name != serving);
        TapProcess tap = TapProcess.Start(pair.Network.Switch, pair.Network[serving].Port);
        TapProcess otherTap = TapProcess.Start(pair.Network.Switch, pair.Network[other].Port);
        using var router = new Injector(pair.Network[TutorialNetwork.Client]);
        byte[] quoted =
        [
            0x45, 0, 5, 220, 0, 1, 0x40, 0, 63, 6, 0, 0, .. Vip, .. local.Address.GetAddressBytes(),
            0, 80, (byte)(local.Port >> 8), (byte)local.Port, 0, 0, 0, 1,
        ];

        router.Send(Message(router, type: 3, code: 4, rest: 1400, quoted));

        Assert.NotNull(await tap.FindAsync(IsError, Patience, stop: TestContext.Current.CancellationToken));
        Assert.DoesNotContain(otherTap.Frames, frame => IsError(frame));
        await tap.StopAsync();
        await otherTap.StopAsync();
    }

    [Fact]
    public async Task A_ping_to_the_virtual_address_is_answered_by_the_masters_kernel()
    {
        TapProcess tap = TapProcess.Start(pair.Network.Switch, pair.Network[TutorialNetwork.Client].Port);
        using var pinging = new Injector(pair.Network[TutorialNetwork.Client]);

        pinging.Send(Message(pinging, type: 8, code: 0, rest: 0x00070001, "is anybody there"u8));

        CapturedFrame? answer = await tap.FindAsync(
            frame => IsIcmp(frame, type: 0), Patience, stop: TestContext.Current.CancellationToken);
        Assert.NotNull(answer);
        Assert.Equal("192.168.5.100", answer.Source);
        Assert.Equal(Mac(pair.Master.Host), answer.Octets[6..12].ToArray());
        await tap.StopAsync();
    }

    private static bool IsError(CapturedFrame frame) => IsIcmp(frame, type: 3)
        && frame.Octets[Layer4 + 1] == 4
        && BinaryPrimitives.ReadUInt16BigEndian(frame.Octets[(Layer4 + 6)..]) == 1400;

    private static bool IsIcmp(CapturedFrame frame, byte type) =>
        frame.Source.Length > 0 && frame.Octets.Length > Layer4 + 8
        && frame.Octets[Forgery.Ip + 9] == 1 && frame.Octets[Layer4] == type;

    private static byte[] Mac(LabHost host) =>
        Convert.FromHexString(host.Mac.Replace(":", "", StringComparison.Ordinal));

    private byte[] Message(Injector from, byte type, byte code, int rest, ReadOnlySpan<byte> payload)
    {
        byte[] frame =
        [
            .. Mac(pair.Master.Host), .. from.Mac, 8, 0,
            0x45, 0, 0, (byte)(28 + payload.Length), 0, 1, 0, 0, 64, 1, 0, 0, .. from.Address, .. Vip,
            type, code, 0, 0, 0, 0, 0, 0, .. payload,
        ];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(Layer4 + 4), rest);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Layer4 + 2), Forgery.Sum(frame.AsSpan(Layer4)));
        Forgery.SetIpChecksum(frame);
        return frame;
    }

    private async Task<Socket> ConnectAsync()
    {
        using NetworkNamespace inside = NetworkNamespace.Open(pair.Network[TutorialNetwork.Client].Namespace);
        Socket socket = inside.Run(() =>
            new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await socket.ConnectAsync(
            new IPEndPoint(new IPAddress(Vip), 80), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The real server of a connection, by the director's own list of connections.</summary>
    private string ServerOf(IPEndPoint client)
    {
        string list = pair.Master.Ask("ipvsadm", "-Lnc").OrThrow().Output;
        string line = list.Split('\n').Single(each => each.Contains($"{client} ", StringComparison.Ordinal));
        return TutorialNetwork.RealServers.Single(name =>
            line.Contains(pair.Network[name].Address + ":80", StringComparison.Ordinal));
    }
}
