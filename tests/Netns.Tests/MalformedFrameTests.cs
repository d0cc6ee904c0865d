using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests;

/// <summary>What no sane host would send to the virtual address, while sane ones go on using it.</summary>
public sealed class MalformedFrameTests(LivingPair pair) : IClassFixture<LivingPair>
{
    private const int Frames = 20_000, FramesAtOnce = 100, Ip = Forgery.Ip, Layer4 = Ip + 20;
    private const long GrowthKibMax = 16 * 1024;

    [Fact]
    public async Task Twenty_thousand_malformed_frames_cost_no_request_and_no_memory_and_are_all_accounted_for()
    {
        using var attacker = new Injector(pair.Network[TutorialNetwork.Client]);
        var random = new Random(20252);
        await SendAsync(attacker, random, Frames); // the first time touches memory and compiles code
        await AssertCountersAddUpAsync();
        long memory = pair.Master.ResidentKib();
        long steered = pair.Master.Counters()["steered to the forwarder"];

        await pair.Client.StartProbeAsync("http://192.168.5.100/", intervalMs: 20, timeoutMs: 2000);
        await SendAsync(attacker, random, Frames);
        ProbeReport report = await pair.Client.StopProbeAsync(TestContext.Current.CancellationToken);

        Assert.True(report.Sent > 10 && report.Lost == 0, report.ToString());
        await AssertCountersAddUpAsync();
        Assert.True(
            pair.Master.Counters()["steered to the forwarder"] - steered > Frames / 10, "the forwarder saw too few");
        Assert.InRange(pair.Master.ResidentKib() - memory, long.MinValue, GrowthKibMax);
        pair.AssertRolesUnchanged();
    }

    /// <summary>Steered = forwarded + dropped by the forwarder, by reason + lost in the rings.</summary>
    private async Task AssertCountersAddUpAsync()
    {
        IReadOnlyDictionary<string, long> counters = pair.Master.Counters();
        bool equal = await Soon.HoldsAsync(() =>
        {
            counters = pair.Master.Counters();
            long doors = counters.Where(door => IsDoor(door.Key)).Sum(door => door.Value);
            return doors == counters["steered to the forwarder"];
        });
        Assert.True(equal, string.Join('\n', counters.Select(door => $"{door.Key} {door.Value}")));
    }

    private static bool IsDoor(string name) => name.StartsWith("forwarded", StringComparison.Ordinal)
        || name.StartsWith("answered: ", StringComparison.Ordinal)
        || name.StartsWith("dropped: ", StringComparison.Ordinal)
        || name.StartsWith("lost by the kernel", StringComparison.Ordinal);

    private async Task SendAsync(Injector attacker, Random random, int count)
    {
        byte[][] seeds = [Tcp(attacker), Udp(attacker), Icmp(attacker), WithOptions(Tcp(attacker))];
        for (int i = 0; i < count; i++)
        {
            attacker.Send(Spoil(seeds[random.Next(seeds.Length)], random));
            if (i % FramesAtOnce == 0)
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Some octets changed, cut or grown; half of them with a right header checksum again.</summary>
    private static byte[] Spoil(byte[] seed, Random random)
    {
        byte[] frame = [.. seed];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Layer4), (ushort)random.Next(65536));
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            frame[random.Next(12, frame.Length)] = (byte)random.Next(256);
        }

        frame = random.Next(4) switch
        {
            0 => frame[..random.Next(Ip, frame.Length)],
            1 => [.. frame, .. new byte[random.Next(1, 1000)]],
            _ => frame,
        };
        if (random.Next(2) == 0 && frame.Length > Ip + 20)
        {
            Forgery.SetIpChecksum(frame);
        }

        return frame;
    }

    private byte[] Header(Injector attacker, byte protocol, int payload)
    {
        byte[] master = Convert.FromHexString(pair.Master.Host.Mac.Replace(":", "", StringComparison.Ordinal));
        byte[] frame =
        [
            .. master, .. attacker.Mac, 8, 0,
            0x45, 0, 0, (byte)(20 + payload), 0, 1, 0, 0, 64, protocol, 0, 0,
            10, 9, 9, 9, 192, 168, 5, 100,
            .. new byte[payload],
        ];
        Forgery.SetIpChecksum(frame);
        return frame;
    }

    private byte[] Tcp(Injector attacker)
    {
        byte[] frame = Header(attacker, protocol: 6, payload: 20);
        (frame[Layer4 + 3], frame[Layer4 + 12], frame[Layer4 + 13]) = (80, 0x50, 0x02);
        return frame;
    }

    private byte[] Udp(Injector attacker)
    {
        byte[] frame = Header(attacker, protocol: 17, payload: 8);
        (frame[Layer4 + 3], frame[Layer4 + 5]) = (80, 8);
        return frame;
    }

    /// <summary>Port unreachable, quoting a segment of the service.</summary>
    private byte[] Icmp(Injector attacker)
    {
        byte[] frame = Header(attacker, protocol: 1, payload: 36);
        byte[] quoted = [0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 192, 168, 5, 100, 10, 9, 9, 9, 0, 80, 1, 1];
        quoted.CopyTo(frame, Layer4 + 8);
        (frame[Layer4], frame[Layer4 + 1]) = (3, 3);
        return frame;
    }

    private static byte[] WithOptions(byte[] plain)
    {
        byte[] frame = [.. plain[..Layer4], 1, 1, 1, 0, .. plain[Layer4..]];
        (frame[Ip], frame[Ip + 3]) = (0x46, (byte)(frame[Ip + 3] + 4));
        Forgery.SetIpChecksum(frame);
        return frame;
    }
}
