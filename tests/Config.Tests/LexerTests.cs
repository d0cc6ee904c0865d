using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>What a word is, and where.</summary>
public sealed class LexerTests
{
    [Theory]
    [InlineData("state MASTER", "state|MASTER")]
    [InlineData("\tstate \t MASTER  ", "state|MASTER")]
    [InlineData("state MASTER # why", "state|MASTER")]
    [InlineData("! all of it", "")]
    [InlineData("auth_pass Test123!", "auth_pass|Test123")]
    [InlineData("auth_pass ab#cd ef", "auth_pass|ab")]
    [InlineData("auth_pass \"a!b # c\"", "auth_pass|a!b # c")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("ab\"cd ef\"gh", "ab|cd ef|gh")]
    [InlineData("TCP_CHECK{", "TCP_CHECK|{")]
    [InlineData("virtual_server 1.2.3.4 80{", "virtual_server|1.2.3.4|80|{")]
    [InlineData("}}", "}|}")]
    [InlineData("group { a b }", "group|{|a|b|}")]
    [InlineData("path \"{ / }\"", "path|{ / }")]
    [InlineData("state BACKUP //x", "state|BACKUP|//x")]
    [InlineData("state BACKUP\r", "state|BACKUP")]
    [InlineData("a\u00A0b\u3000c", "a|b|c")]
    [InlineData("path ${ROOT}/x{", "path|${ROOT}/x|{")]
    [InlineData("path ${{x", "path|$|{|{|x")]
    [InlineData("priority 100;", "priority|100;")]
    [InlineData("router_id a\\#b\\!c # d", "router_id|a#b!c")]
    [InlineData("script '/bin/a b' user", "script|/bin/a b|user")]
    [InlineData("script \"/bin/a \\\"b\\\" # c\" u # d", "script|/bin/a \"b\" # c|u")]
    [InlineData("notify_up /bin/a\\ b'c d'\"e f\"", "notify_up|/bin/a bc de f")]
    [InlineData("misc_path \\x41\\101\\cA\\t\\q", "misc_path|AA\u0001\tq")]
    [InlineData("X { script 'a}b' } script 'c' ", "X|{|script|a}b|}|script|c")]
    [InlineData("path 'a b'", "path|'a|b'")]
    public void A_line_is_cut_into_words(string line, string words) =>
        Assert.Equal(words, string.Join('|', Words(line).Select(word => word.Text)));

    [Fact]
    public void Lines_without_words_are_no_lines()
    {
        List<ImmutableArray<Word>> lines = Lines("\n# x\n a\r\n\n b");

        Assert.Equal([3, 5], lines.Select(line => Assert.Single(line).Line));
    }

    [Fact]
    public void Columns_count_characters_not_octets_and_not_surrogates()
    {
        ImmutableArray<Word> words = Words("名称 😀 x\"y z\"");

        Assert.Equal([(1, 2), (4, 1), (6, 1), (7, 5)], words.Select(word => (word.Column, word.Length)));
    }

    [Fact]
    public void A_byte_order_mark_is_not_part_of_the_first_word()
    {
        Word word = Assert.Single(Words("\uFEFFglobal_defs"));

        Assert.Equal(("global_defs", 1), (word.Text, word.Column));
    }

    [Fact]
    public void A_long_line_is_one_line()
    {
        string comment = new('x', 5000);

        Assert.Empty(Sample.With("router_id youxi1", $"router_id youxi1 # {comment} weight").Diagnostics);
    }

    [Fact]
    public void A_quote_without_partner_is_an_error_at_the_quote() =>
        Assert.Equal(
            ["2:15: error: this '\"' has no partner before the end of its line"],
            Sample.With("router_id youxi1", "router_id \"youxi1 # x").Findings());

    [Fact]
    public void Foreign_blanks_are_noticed_once_in_a_file()
    {
        string[] findings = Sample.With("router_id youxi1", "\u3000router_id\u00A0youxi1\u3000").Findings();

        Assert.StartsWith("2:5: notice: ideographic space (U+3000) taken as a blank", Assert.Single(findings));
    }

    [Fact]
    public void Foreign_blanks_in_comments_and_quotes_stay_what_they_are()
    {
        ParseResult result = Sample.With("router_id youxi1", "router_id \"a\u3000b\" # x\u00A0y");

        Assert.Empty(result.Diagnostics);
        Assert.Equal("a\u3000b", result.Config.Globals.RouterId);
    }

    [Fact]
    public void Windows_line_ends_change_nothing() =>
        Assert.Empty(Sample.Parse(Sample.Text.Replace("\n", "\r\n", System.StringComparison.Ordinal)).Diagnostics);

    private static ImmutableArray<Word> Words(string line) =>
        [.. Lines(line).SelectMany(words => words)];

    private static List<ImmutableArray<Word>> Lines(string text) =>
        Preparer.Read(text, "t", ReadOptions.Nothing, new Reporter("t"));
}
