using System;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Numbers, times, addresses and switches.</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("1", 10_000_000)]
    [InlineData("0.5", 5_000_000)]
    [InlineData(".5", 5_000_000)]
    [InlineData("3.", 30_000_000)]
    [InlineData("0.1", 1_000_000)]
    [InlineData("0.000001", 10)]
    [InlineData("1.00000019", 10_000_001)]
    [InlineData("007", 70_000_000)]
    [InlineData("2678400", 26_784_000_000_000)]
    public void Decimal_seconds_are_read_exactly(string text, long ticks)
    {
        Assert.True(Values.TryParseSeconds(text, out TimeSpan time));
        Assert.Equal(ticks, time.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1,5")]
    [InlineData("1.5.2")]
    [InlineData("3s")]
    [InlineData("1e3")]
    [InlineData("٣")]
    public void Other_texts_are_no_times(string text) => Assert.False(Values.TryParseSeconds(text, out _));

    [Theory]
    [InlineData("delay_loop 6", "delay_loop 0", "19:16: error: '0' is outside the range of delay_loop, 0.000001 to")]
    [InlineData("delay_loop 6", "delay_loop -1", "19:16: error: '-1' is outside the range of delay_loop, 0.000001")]
    [InlineData("delay_loop 6", "delay_loop 6s", "19:16: error: '6s' is not a time in seconds; delay_loop takes")]
    [InlineData("delay_loop 6", "delay_loop 99999999999999999999", "19:16: error: '99999999999999999999' is outside")]
    [InlineData("delay_loop 6", "delay_loop", "19:5: error: 'delay_loop' lacks its value: seconds, 0.000001 to 267")]
    public void A_bad_time_is_an_error_and_leaves_the_default(string old, string replacement, string error)
    {
        ParseResult result = Sample.With(old, replacement);

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Equal(Sample.Seconds(60), result.Check().DelayLoop);
    }

    [Theory]
    [InlineData("70000", "error: '70000' is outside the range of weight, 0 to 65535")]
    [InlineData("-1", "error: '-1' is outside the range of weight, 0 to 65535")]
    [InlineData("1.5", "error: '1.5' is not a whole number; weight takes 0 to 65535")]
    [InlineData("1;", "error: '1;' is not a whole number; weight takes 0 to 65535")]
    [InlineData("0x", "error: '0x' is not a whole number; weight takes 0 to 65535")]
    [InlineData("99999999999999999999999", "error: '99999999999999999999999' is outside the range of weight")]
    [InlineData("-99999999999999999999999", "error: '-99999999999999999999999' is outside the range of weight")]
    public void A_bad_number_is_an_error_and_leaves_the_default(string number, string error)
    {
        ParseResult result = Sample.With("weight 1", $"weight {number}");

        Assert.StartsWith($"24:16: {error}", Assert.Single(result.Findings()));
        Assert.Equal(1, result.Service().RealServers[0].Weight);
    }

    [Theory]
    [InlineData("0x1F", 31)]
    [InlineData("\"150\"", 150)]
    [InlineData("0", 0)]
    [InlineData("65535", 65535)]
    [InlineData("010", 10)]
    public void Numbers_are_decimal_or_hexadecimal_and_may_be_quoted(string number, int weight)
    {
        ParseResult result = Sample.With("weight 1", $"weight {number}");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(weight, result.Service().RealServers[0].Weight);
    }

    [Theory]
    [InlineData("alpha", true, 0)]
    [InlineData("alpha on", true, 0)]
    [InlineData("alpha yes", true, 0)]
    [InlineData("alpha true", true, 0)]
    [InlineData("alpha 1", true, 0)]
    [InlineData("alpha off", false, 0)]
    [InlineData("alpha no", false, 0)]
    [InlineData("alpha false", false, 0)]
    [InlineData("alpha 0", true, 1)]
    [InlineData("alpha Off", true, 1)]
    public void A_switch_is_on_unless_it_says_otherwise(string line, bool isOn, int warnings)
    {
        ParseResult result = Sample.With("weight 1", line);

        Assert.Equal(warnings, result.Diagnostics.Length);
        Assert.False(result.HasErrors);
        Assert.Equal(isOn, result.Service().RealServers[0].Alpha);
    }

    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("10.0.0.1", 0x0A000001u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    [InlineData("192.168.5.100", 0xC0A80564u)]
    public void An_address_is_four_octets(string text, uint value)
    {
        Assert.True(Ipv4Address.TryParse(text, out Ipv4Address address));
        Assert.Equal(value, address.Value);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.4.5")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.0x4")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.1000")]
    public void Other_texts_are_no_addresses(string text) => Assert.False(Ipv4Address.TryParse(text, out _));

    [Theory]
    [InlineData(0, 0u)]
    [InlineData(1, 0x80000000u)]
    [InlineData(24, 0xFFFFFF00u)]
    [InlineData(32, 0xFFFFFFFFu)]
    public void A_mask_has_its_ones_in_front(int length, uint value)
    {
        Assert.Equal(value, Ipv4Address.Mask(length).Value);
        Assert.True(Ipv4Address.Mask(length).IsNetmask);
        Assert.False(new Ipv4Address(0xFF00FF00).IsNetmask);
        Assert.False(new Ipv4Address(24).IsNetmask);
    }

    [Theory]
    [InlineData("lb_alg", "lb_algo", 1)]
    [InlineData("retyr", "retry", 1)]
    [InlineData("", "ab", 2)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abc", "abc", 0)]
    public void Distance_counts_letters_to_change(string a, string b, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(a, b, tooFar: 10));
        Assert.Equal(distance, Spelling.Distance(b, a, tooFar: 10));
        Assert.Equal(Math.Min(distance, 1), Spelling.Distance(a, b, tooFar: 1));
    }
}
