using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Adverts that a third host forges change no role and delay no advert, and each is counted.</summary>
public sealed class ForgedAdvertTests(LivingPair pair) : IClassFixture<LivingPair>
{
    private const int Copies = 50;

    /// <summary>What is wrong, the counter that must say so, and how it is done.</summary>
    private static readonly Dictionary<string, (string Counter, Func<CapturedFrame, Injector, byte[]> Forge)> Kinds =
        new()
        {
            ["a hop was used"] = ("refused: Ttl", (real, by) => Forgery.Of(real, by, f => f[Forgery.Ttl] = 254)),
            ["version 3"] = ("refused: Version", (real, by) => Forgery.Of(real, by, f => f[Forgery.Version] = 0x31)),
            ["not an advert"] = ("refused: Type", (real, by) => Forgery.Of(real, by, f => f[Forgery.Version] = 0x22)),
            ["broken message"] =
                ("refused: Checksum", (real, by) => Forgery.Of(real, by, null, f => f[Forgery.Checksum] ^= 0xff)),
            ["wrong password"] = ("refused: Password", (real, by) => Forgery.Of(real, by, SpoilPassword)),
            ["priority 0, wrong password"] = ("refused: Password", (real, by) => Forgery.Of(real, by, f =>
            {
                SpoilPassword(f);
                f[Forgery.Priority] = 0;
            })),
            ["priority 255, wrong password"] = ("refused: Password", (real, by) => Forgery.Of(real, by, f =>
            {
                SpoilPassword(f);
                f[Forgery.Priority] = 255;
            })),
            ["another interval"] =
                ("refused: Interval", (real, by) => Forgery.Of(real, by, f => f[Forgery.Interval] = 7)),
            ["another address"] = ("refused: AddressList", (real, by) => Forgery.Of(real, by, f =>
            {
                f[Forgery.Vip + 3] ^= 1;
                f[Forgery.Priority] = 1;
            })),
            ["cut short"] =
                ("refused: Length", (real, by) => Forgery.Cut(Forgery.Of(real, by, change: null), octets: 8)),
            ["no authentication"] = ("refused: AuthMismatch", (real, by) => Forgery.Of(real, by, f => f[38] = 0)),
        };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_forged_advert_is_counted_and_ignored(string what)
    {
        using TapScope tap = new(pair);
        (string counter, Func<CapturedFrame, Injector, byte[]> forge) = Kinds[what];
        using var stranger = new Injector(pair.Network[TutorialNetwork.Client]);
        byte[] forged = forge(await pair.AdvertAsync(tap.Adverts), stranger);
        long atMaster = pair.Master.Counters().GetValueOrDefault(counter);
        long atBackup = pair.Backup.Counters().GetValueOrDefault(counter);

        for (int i = 0; i < Copies; i++)
        {
            stranger.Send(forged);
        }

        await Soon.RequireAsync(
            () => pair.Master.Counters().GetValueOrDefault(counter) == atMaster + Copies
                && pair.Backup.Counters().GetValueOrDefault(counter) == atBackup + Copies,
            () => pair.Master.Ask("counters").Output);
        pair.AssertRolesUnchanged();
        await tap.AssertBeatAsync();
    }

    [Fact]
    public async Task A_flood_of_resignations_with_a_wrong_password_delays_no_advert()
    {
        using TapScope tap = new(pair);
        using var stranger = new Injector(pair.Network[TutorialNetwork.Client]);
        byte[] forged = Forgery.Of(await pair.AdvertAsync(tap.Adverts), stranger, frame =>
        {
            SpoilPassword(frame);
            frame[Forgery.Priority] = 0;
        });
        long before = pair.Master.Counters().GetValueOrDefault("refused: Password");
        int lines = Complaints();
        long end = TimeProvider.System.Microseconds() + 5_000_000;
        long sent = 0;
        while (TimeProvider.System.Microseconds() < end)
        {
            for (int i = 0; i < 20; i++, sent++)
            {
                stranger.Send(forged);
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await tap.AssertBeatAsync();
        pair.AssertRolesUnchanged();
        Assert.InRange(pair.Master.Counters()["refused: Password"] - before, sent / 2, sent);
        Assert.InRange(Complaints() - lines, 0, 3); // a flood of packets is no flood of lines
    }

    [Theory]
    [InlineData(Forgery.Vrid, 99)]
    [InlineData(Forgery.Ip + 10, 0)] // a broken IPv4 header: the kernel itself drops it
    public async Task What_does_not_concern_us_changes_nothing(int offset, byte value)
    {
        using TapScope tap = new(pair);
        using var stranger = new Injector(pair.Network[TutorialNetwork.Client]);
        CapturedFrame genuine = await pair.AdvertAsync(tap.Adverts);
        byte[] forged = offset == Forgery.Vrid
            ? Forgery.Of(genuine, stranger, frame => frame[offset] = value)
            : Forgery.Of(genuine, stranger, change: null, spoil: frame => frame[offset] ^= 0xff);

        for (int i = 0; i < Copies; i++)
        {
            stranger.Send(forged);
        }

        await tap.AssertBeatAsync();
        pair.AssertRolesUnchanged();
    }

    [Fact]
    public async Task Octets_that_are_no_advert_at_all_hurt_nobody()
    {
        const int Seed = 20251, Frames = 2000;
        var random = new Random(Seed);
        using TapScope tap = new(pair);
        using var stranger = new Injector(pair.Network[TutorialNetwork.Client]);
        byte[] genuine = Forgery.Of(await pair.AdvertAsync(tap.Adverts), stranger, SpoilPassword);
        for (int i = 0; i < Frames; i++)
        {
            byte[] frame = genuine[..random.Next(Forgery.Vrrp, genuine.Length + 1)];
            random.NextBytes(frame.AsSpan(Forgery.Vrrp));
            frame[Forgery.Ip + 3] = (byte)random.Next(16, 64);
            Forgery.SetIpChecksum(frame);
            stranger.Send(frame);
        }

        await tap.AssertBeatAsync();
        pair.AssertRolesUnchanged();
    }

    private int Complaints() =>
        pair.Master.Log.Count(line => line.Contains("invalid passwd", StringComparison.Ordinal));

    private static void SpoilPassword(byte[] frame) => frame[Forgery.Password] ^= 1;

    /// <summary>A tap on the master's cable for one test.</summary>
    private sealed class TapScope(LivingPair pair) : IDisposable
    {
        private const double BeatMsMax = 1300;
        private const int BeatsMin = 3;

        private readonly long _start = TimeProvider.System.Microseconds();

        /// <summary>At the switch, deaf to what goes to the master: a flood must not delay the observer.</summary>
        public TapProcess Adverts { get; } =
            TapProcess.Start(pair.Network.Switch, pair.Master.Host.Port, "vrrp", inboundOnly: true);

        private List<CapturedFrame> Genuine =>
            [.. Adverts.Frames.Where(f => f.IsInbound && f.VrrpId == 51 && f.VrrpPriority == 100)];

        public async Task AssertBeatAsync()
        {
            int seen = Genuine.Count;
            await Soon.RequireAsync(
                () => Genuine.Count >= Math.Max(BeatsMin, seen + 2), () => "the master's adverts have stopped");
            Assert.InRange(Beat.LongestGapMs(Genuine), 0, BeatMsMax);
            double waited = (TimeProvider.System.Microseconds() - Genuine[^1].Us) / 1000.0;
            Assert.InRange(waited, 0, BeatMsMax);
            Assert.True(Genuine[0].Us - _start < 3_000_000, "the first advert was late");
        }

        public void Dispose() => Adverts.StopAsync().GetAwaiter().GetResult();
    }
}
