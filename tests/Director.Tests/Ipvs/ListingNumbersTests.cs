using System;
using XdpLvs.Director.Tables;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>Numbers that no guest reaches. ipvsadm 1.31, print_largenum: the rule, and its texts for these numbers.</summary>
public sealed class ListingNumbersTests : IDisposable
{
    private readonly ToyDirector _director = new(Plans.Web);

    public void Dispose() => _director.Dispose();

    [Theory]
    [InlineData(99_999_999, " 99999999")]
    [InlineData(100_000_000, "  100000K")]
    [InlineData(999_999_999, "  999999K")]
    [InlineData(1_000_000_000, "    1000M")]
    [InlineData(99_999_999_999, "   99999M")]
    [InlineData(100_000_000_000, "     100G")]
    [InlineData(99_999_999_999_999, "   99999G")]
    [InlineData(100_000_000_000_000, "     100T")]
    [InlineData(long.MaxValue, " 9223372T")]
    public void Large_numbers_are_shortened(long octets, string shown)
    {
        Send(new TrafficCounts(1, 2, octets));

        Assert.EndsWith(
            "TCP  192.168.5.100:80                    1        2        0" + shown + "        0\n"
            + "  -> 192.168.5.103:80                    1        2        0" + shown + "        0\n"
            + "  -> 192.168.5.104:80                    0        0        0        0        0\n",
            _director.List("-Ln --stats"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99_999_999, " 99999999")]
    [InlineData(100_000_000, " 100000000")]
    [InlineData(long.MaxValue, " 9223372036854775807")]
    public void Exact_numbers_push_their_columns_aside(long octets, string shown)
    {
        Send(new TrafficCounts(1, 2, octets));

        Assert.Contains(
            "  -> 192.168.5.103:80                    1        2        0" + shown + "        0\n",
            _director.List("-Ln --stats --exact"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_of_connections_and_packets_is_never_shortened_for_a_real_server()
    {
        _director.Questions.Estimate();
        Send(new TrafficCounts(800_000_000, 8_000_000_000, 80_000_000_000));
        _director.Questions.Estimate(); // a quarter of half of it

        Assert.EndsWith(
            "Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n"
            + "  -> RemoteAddress:Port\n"
            + "TCP  192.168.5.100:80              100000K    1000M        0   10000M        0\n"
            + "  -> 192.168.5.103:80             100000000 1000000000        0   10000M        0\n"
            + "  -> 192.168.5.104:80                    0        0        0        0        0\n",
            _director.List("-Ln --rate"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Zeroing_zeroes_the_rates_too()
    {
        Send(new TrafficCounts(8, 80, 800));
        _director.Questions.Estimate();
        string before = _director.List("-Ln --rate");

        _director.List("-Z");

        Assert.Contains(
            "TCP  192.168.5.100:80                    1       10        0      100", before, StringComparison.Ordinal);
        Assert.Contains(
            "TCP  192.168.5.100:80                    0        0        0        0        0\n",
            _director.List("-Ln --rate"),
            StringComparison.Ordinal);
    }

    private void Send(TrafficCounts counts) => _director.Send(_director.Keeper.Services[0].Reals[0], counts);
}
