using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Xunit;

namespace XdpLvs.Config.Tests.Preparing;

/// <summary>Files in files.</summary>
public sealed class IncludeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdplvs-include-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_stands_in_place_of_the_line_that_includes_it() =>
        Assert.Equal(
            "a {|x 1|b|}",
            Prepared.Lines("$V=1\na {\n include f\n b\n}", With(("f", "x $V"))));

    [Fact]
    public void What_a_file_defines_is_known_behind_it() =>
        Assert.Equal("x 2", Prepared.Lines("include f\nx $V", With(("f", "$V=2"))));

    [Fact]
    public void Words_of_an_included_file_have_its_name_and_lines() =>
        Assert.Contains("y conf.d/f:2:3+1", Prepared.Places("include conf.d/f", With(("conf.d/f", "x\n  y"))));

    [Fact]
    public void Names_are_relative_to_the_file_that_includes() =>
        Assert.Equal(
            "x|y",
            Prepared.Lines("include d/a", With(("d/a", "include b\ny"), ("d/b", "x"), ("b", "wrong"))));

    [Fact]
    public void A_pattern_includes_all_in_the_order_of_their_names() =>
        Assert.Equal(
            "1|2|3", Prepared.Lines("include *.conf", With(("b.conf", "2"), ("a.conf", "1"), ("c.conf", "3"))));

    [Fact]
    public void Braces_include_alternatives_in_the_order_they_are_written() =>
        Assert.Equal("2|1", Prepared.Lines("include {b,a}.conf", With(("b.conf", "2"), ("a.conf", "1"))));

    [Fact]
    public void A_condition_or_a_variable_may_stand_in_front_of_a_file() =>
        Assert.Equal("1", Prepared.Lines("$F=a\n@main include $F\n@high include b", With(("a", "1"), ("b", "2"))));

    [Theory]
    [InlineData("include none", "error: no file is named 'none'; nothing is included")]
    [InlineData("include n*", "notice: no file is named 'n*'")]
    [InlineData("includer n*", "notice: no file is named 'n*'")]
    [InlineData("includem n*", "notice: no file is named 'n*'")]
    [InlineData("includew n*", "error: no file is named 'n*'; nothing is included")]
    [InlineData("includea n*", "error: no file is named 'n*'; nothing is included")]
    [InlineData("includem none", "error: no file is named 'none'; nothing is included")]
    [InlineData("include {f,zz}", "notice: no file is named 'zz'")]
    [InlineData("includeb {f,zz}", "error: no file is named 'zz'; nothing is included")]
    [InlineData("include", "error: 'include' lacks its value: the name of a file, or a pattern")]
    public void What_names_no_file_is_said(string line, string finding) =>
        Assert.EndsWith(finding, Assert.Single(Prepared.Findings(line, With(("f", "")))));

    [Fact]
    public void A_loop_is_one_error_in_the_file_that_closes_it()
    {
        string[] findings = Prepared.Findings("include a", With(("a", "\n include b"), ("b", "include a")));

        Assert.Equal(["b:1:9: error: this file includes itself: a → b → a"], findings);
    }

    [Fact]
    public void A_file_may_be_included_twice() =>
        Assert.Equal("x|x", Prepared.Lines("include f\ninclude f", With(("f", "x"))));

    [Fact]
    public void Files_without_end_are_one_error()
    {
        string text = string.Concat(Enumerable.Repeat("include f\n", Preparer.FilesMax + 10));
        string finding = Assert.Single(Prepared.Findings(text, With(("f", "x"))));

        Assert.StartsWith("t.conf:1001:9: error: more than 1000 files", finding);
        Assert.Equal("", Prepared.Lines(text, With(("f", "x"))));
    }

    [Fact]
    public void Findings_of_an_included_file_are_shown_with_its_lines()
    {
        ReadOptions options = With(("f", "\n  bogus 1"));
        string text = DiagnosticFormatter.FormatAll(ConfigReader.Parse("x\ninclude f\ny\n", "t.conf", options));

        Assert.Equal(
            """
            t.conf:1:1: error: unknown keyword 'x'
            x
            ^
            t.conf:3:1: error: unknown keyword 'y'
            y
            ^
            f:2:3: error: unknown keyword 'bogus'
              bogus 1
              ^^^^^

            """,
            text);
    }

    [Fact]
    public void Files_of_the_disk_are_found_by_patterns()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "conf.d", "sub.conf"));
        Write("conf.d/b.conf", "b");
        Write("conf.d/a.conf", "a ${_PWD}");
        Write("conf.d/.hidden.conf", "hidden");
        Write("conf.d/c.txt", "c");
        string main = Write("main.conf", "include conf.d/*.conf\ninclude conf.?/[^ab].tx{t,u}\n");
        ParseResult result = ConfigReader.Load(main, ReadOptions.OfHost());

        Assert.Equal(
            [("notice", 2), ("error", 1), ("error", 1), ("error", 1)],
            result.Diagnostics.Select(finding => (DiagnosticFormatter.Name(finding.Severity), finding.Line)));
        Assert.EndsWith("conf.d/a.conf", result.Diagnostics[1].File);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void An_executable_file_is_not_included()
    {
        string path = Write("f", "x");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        ParseResult result = ConfigReader.Load(Write("main.conf", "include f\n"));

        Assert.Contains("is executable", Assert.Single(result.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.conf", "*.conf", true)]
    [InlineData(".a.conf", "*.conf", false)]
    [InlineData("ab", "a?", true)]
    [InlineData("abc", "a?", false)]
    [InlineData("abcabd", "*ab[d-f]", true)]
    [InlineData("a]", "a[]]", true)]
    [InlineData("a-", "a[!a-z]", true)]
    [InlineData("a*", "a\\*", true)]
    [InlineData("ab", "a\\*", false)]
    [InlineData("[", "[", true)]
    public void Names_fit_patterns_as_in_a_shell(string name, string pattern, bool fits) =>
        Assert.Equal(fits, Glob.Fits(name, pattern));

    [Theory]
    [InlineData("a{b,c{d,e}}f", "abf acdf acef")]
    [InlineData("{a,b}{1,2}", "a1 a2 b1 b2")]
    [InlineData("a{b", "a{b")]
    public void Braces_stand_for_alternatives(string pattern, string alternatives) =>
        Assert.Equal(alternatives, string.Join(' ', Glob.Alternatives(pattern)));

    private static ReadOptions With(params (string Path, string Text)[] files) =>
        Prepared.Main with { Files = new MemoryFiles(files) };

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
