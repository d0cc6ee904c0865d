using System;
using System.Text;
using Xunit;

namespace XdpLvs.Checks.Tests;

public sealed class BodyPatternTests
{
    [Theory]
    [InlineData("HELLO", "caseless", "hello", true)]
    [InlineData("HELLO", "", "hello", false)]
    [InlineData("a.b", "dotall", "a\nb", true)]
    [InlineData("a.b", "", "a\nb", false)]
    [InlineData("^b$", "multiline", "a\nb", true)]
    [InlineData("h e", "extended", "he", true)]
    [InlineData("b", "anchored", "ab", false)]
    [InlineData("a", "anchored", "ab", true)]
    [InlineData("^ok$", "utf", "ok", true)]
    [InlineData("(a)\\1", "", "xaa", true)] // needs backtracking
    [InlineData("(?<=a)b", "", "ab", true)]
    [InlineData("健康", "", "系统健康", true)] // as octets
    [InlineData("^系.健", "utf", "系统健康", true)] // as letters: a dot is one
    [InlineData("^系.健", "", "系统健康", false)]
    [InlineData("^系...健", "", "系统健康", true)]
    public void Options_mean_what_pcre_means(string pattern, string options, string page, bool isThere)
    {
        BodyPattern made = Make(new PatternText(pattern) { Options = ValueList.Of(Words(options)) });

        Assert.Equal(isThere, made.Accepts(Encoding.UTF8.GetBytes(page), 0, out _));
    }

    [Theory]
    [InlineData("(", "")]
    [InlineData("a++", "")] // PCRE knows it, .NET does not: better said than guessed
    [InlineData("a", "ungreedy")]
    [InlineData("a", "nonsense")]
    public void What_is_not_understood_is_refused(string pattern, string options)
    {
        var text = new PatternText(pattern) { Options = ValueList.Of(Words(options)) };

        Assert.False(BodyPattern.TryMake(text, out BodyPattern? made, out string error));
        Assert.Null(made);
        Assert.StartsWith("regex", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(5, 4)]
    [InlineData(0, 1_000_000)]
    public void Offsets_that_leave_nothing_or_too_much_are_refused(int least, int? most) => Assert.False(
        BodyPattern.TryMake(new PatternText("a") { OffsetMin = least, OffsetMax = most }, out _, out _));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*b")]
    [InlineData("(a*)*\\1b")] // a back-reference: only the other engine knows it
    [InlineData("(?=(a+)+$)b")]
    public void A_pattern_that_explodes_is_bounded(string pattern)
    {
        BodyPattern made = Make(new PatternText(pattern));
        byte[] page = Encoding.ASCII.GetBytes(new string('a', BodyPattern.WindowOctetsMax - 1) + "!");
        long start = Now();

        Assert.False(made.Accepts(page, 0, out _));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public void A_pattern_that_explodes_says_so()
    {
        BodyPattern made = Make(new PatternText("(a*)*\\1b"));

        made.Accepts(Encoding.ASCII.GetBytes(new string('a', 5_000) + "!"), 0, out string why);

        Assert.Equal("the pattern takes more than 250 ms", why);
    }

    [Theory]
    [InlineData("b", 1_500, true)]
    [InlineData("b", 1_501, false)]
    [InlineData("(?<=a)b", 1_500, true)] // a look-behind sees what lies before the offset
    [InlineData("(?<=a{10})b", 1_500, true)]
    public void Offsets_count_from_the_beginning_of_the_body(string pattern, int least, bool isThere)
    {
        byte[] body = Encoding.ASCII.GetBytes(new string('a', 1_500) + "b");
        BodyPattern made = Make(new PatternText(pattern) { OffsetMin = least });

        Assert.Equal(isThere, made.Accepts(body.AsSpan(476), 476, out _));
    }

    [Fact]
    public void Equal_texts_are_equal_patterns()
    {
        BodyPattern one = Make(new PatternText("a") { Options = ValueList.Of("caseless") });

        Assert.Equal(one, Make(new PatternText("a") { Options = ValueList.Of("caseless") }));
        Assert.NotEqual(one, Make(new PatternText("a")));
        Assert.NotEqual(one, Make(new PatternText("a") { Options = ValueList.Of("caseless"), OffsetMin = 1 }));
    }

    private static long Now() => TimeProvider.System.GetTimestamp();

    private static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static BodyPattern Make(PatternText text)
    {
        Assert.True(BodyPattern.TryMake(text, out BodyPattern? made, out string error), error);
        return made!;
    }
}
