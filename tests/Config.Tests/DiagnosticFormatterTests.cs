using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>What a finding looks like in a terminal.</summary>
public sealed class DiagnosticFormatterTests
{
    [Fact]
    public void A_finding_is_shown_as_compilers_do()
    {
        var finding = new Diagnostic(
            Severity.Error, "youxi1.conf", 29, 5, 6, "unknown keyword 'lb_alg'", "lb_algo");

        Assert.Equal(
            """
            youxi1.conf:29:5: error: unknown keyword 'lb_alg'; did you mean 'lb_algo'?
                lb_alg rr
                ^^^^^^
            """,
            DiagnosticFormatter.Format(finding, "    lb_alg rr"));
    }

    [Theory]
    [InlineData("\t\tstate X", 9, 1, "\t\t      ^")]
    [InlineData("名称 X", 4, 1, "     ^")]
    [InlineData("名称 X", 1, 2, "^^^^")]
    [InlineData("😀 X", 3, 1, "   ^")]
    [InlineData("e\u0301 X", 4, 1, "  ^")]
    [InlineData("abc\r", 1, 3, "^^^")]
    [InlineData("ab", 1, 9, "^^")]
    [InlineData("ab", 3, 1, "  ^")]
    [InlineData("", 1, 1, "^")]
    public void Carets_stand_under_the_place(string line, int column, int length, string carets)
    {
        var finding = new Diagnostic(Severity.Warning, "f", 1, column, length, "m");

        Assert.Equal(
            $"f:1:{column}: warning: m\n{line.TrimEnd('\r')}\n{carets}", DiagnosticFormatter.Format(finding, line));
    }

    [Fact]
    public void Control_characters_of_the_file_do_not_reach_the_terminal()
    {
        ParseResult result = Sample.Parse("\u001b[31mx\u0007");
        string text = DiagnosticFormatter.FormatAll(result);

        Assert.Equal("t.conf:1:1: error: unknown keyword '\uFFFD[31mx\uFFFD'\n\uFFFD[31mx\uFFFD\n^^^^^^^\n", text);
    }

    [Fact]
    public void A_long_line_is_shown_in_part()
    {
        string line = new string(' ', 5000) + "xyz" + new string(' ', 5000);
        var finding = new Diagnostic(Severity.Notice, "f", 1, 5001, 3, "m");
        string[] shown = DiagnosticFormatter.Format(finding, line).Split('\n');

        Assert.InRange(shown[1].Length, 100, 200);
        Assert.Equal("xyz", shown[1].Substring(shown[2].IndexOf('^', System.StringComparison.Ordinal), 3));
    }

    [Fact]
    public void A_long_word_is_quoted_in_part() =>
        Assert.InRange(Sample.Parse(new string('x', 5000)).Diagnostics[0].Message.Length, 60, 100);

    [Fact]
    public void Without_the_line_there_is_one_line_of_text() =>
        Assert.Equal(
            "f:2:1: notice: m",
            DiagnosticFormatter.Format(new Diagnostic(Severity.Notice, "f", 2, 1, 1, "m"), null));

    [Fact]
    public void All_findings_are_shown_with_their_own_lines() =>
        Assert.Equal(
            "t.conf:1:1: error: unknown keyword 'xx'\nxx\n^^\nt.conf:3:2: error: unknown keyword 'yy'\n yy\n ^^\n",
            DiagnosticFormatter.FormatAll(Sample.Parse("\uFEFFxx\r\n\r\n yy\r\n")));
}
