using System;
using System.Collections;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using CsCheck;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The tidy form: it means the same, keeps every comment, and is its own tidy form.</summary>
public sealed class FormatterTests
{
    private const string Samples = "/usr/share/doc/keepalived/samples";

    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(Sample.Cases, "*.conf", SearchOption.AllDirectories).Order(),
        .. Directory.Exists(Samples) ? Directory.EnumerateFiles(Samples, "keepalived.conf.*").Order().ToArray() : [],
    ];

    private static readonly string[] Blanks = [" ", "  ", "\t", " \t ", "\u3000"];

    [Theory]
    [InlineData("a{b c}", "a {\n    b c\n}\n")]
    [InlineData("a\n# why\n{\nb\n}", "a {\n    # why\n    b\n}\n")]
    [InlineData("a { # why\n\n\nb\n\n\nc\n\n}", "a { # why\n    b\n\n    c\n}\n")]
    [InlineData("a {\n}\nb {\n}", "a {\n}\n\nb {\n}\n")]
    [InlineData("auth_pass Test123!", "auth_pass Test123 !\n")]
    [InlineData("  x\t\"a  b\"c\r\n", "x \"a  b\" c\n")]
    [InlineData("\uFEFFx\u3000y", "x y\n")]
    [InlineData("a\n{ # one\nb } # two", "a { # one\n    b\n} # two\n")]
    [InlineData("a {\n@x   b {\n@y c {\nd\n}\n}", "a {\n    @x   b {\n    @y c {\n        d\n    }\n}\n")]
    [InlineData("$A= \\\nx { \\\n  y  z \\\n}\nb", "$A= \\\n    x { \\\n        y  z \\\n    }\nb\n")]
    [InlineData("a {\nscript  'b  c'\n}", "a {\n    script  'b  c'\n}\n")]
    [InlineData("a { b } # c\n", "a {\n    b\n} # c\n")]
    [InlineData("'a\n{\nb\n}", "'a {\n    b\n}\n")]
    [InlineData("", "")]
    public void A_text_has_one_tidy_form(string text, string tidy)
    {
        Assert.Equal(tidy, ConfigFormatter.Format(text, out string? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("a {", "a block is not closed: a '}' is missing")]
    [InlineData("a\n}", "line 2: this '}' closes nothing")]
    [InlineData("{", "line 1: there is no keyword in front of this '{'")]
    [InlineData("a\nb \"c", "line 2: a '\"' has no partner before the end of its line")]
    public void What_is_broken_has_none(string text, string fault)
    {
        Assert.Null(ConfigFormatter.Format(text, out string? said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void The_tidy_form_of_a_file_means_the_same_and_keeps_its_comments()
    {
        int formatted = 0;
        foreach (string text in Files.Select(File.ReadAllText))
        {
            formatted += AssertSame(text) ? 1 : 0;
        }

        Assert.True(formatted > Files.Length / 2, $"{formatted} of {Files.Length}");
    }

    /// <summary>Seeded by CsCheck: a failure prints its seed.</summary>
    [Fact]
    public void So_does_the_tidy_form_of_a_file_whose_blanks_were_changed() =>
        Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Int[0, int.MaxValue], Gen.Int[0, Blanks.Length - 1].Array[40])
            .Sample(change =>
            {
                string text = File.ReadAllText(Files[change.Item1]);
                var changed = new StringBuilder();
                int i = 0;
                foreach (char c in text)
                {
                    bool changes = c == ' ' && !text.Contains('"', StringComparison.Ordinal);
                    changed.Append(changes ? Blanks[change.Item3[i++ % change.Item3.Length]] : c.ToString());
                }

                AssertSame(changed.ToString());
            }, iter: 200);

    private static bool AssertSame(string text)
    {
        if (ConfigFormatter.Format(text, out _) is not { } tidy)
        {
            return false;
        }

        Assert.Equal(tidy, ConfigFormatter.Format(tidy, out _));
        Assert.Equal(Model(text), Model(tidy));
        Assert.Equal(Remarks(text), Remarks(tidy));
        return true;
    }

    private static string[] Remarks(string text) =>
        [.. text.Split('\n').Select(line => line.TrimEnd('\r')[Comments.Start(line.TrimEnd('\r'))..].TrimEnd())
            .Where(remark => remark.Length > 0).Order(StringComparer.Ordinal)];

    private static string Model(string text)
    {
        var model = new StringBuilder();
        Write(ConfigReader.Parse(text, "t.conf").Config, model);
        return model.ToString();
    }

    /// <summary>Every value of the model but the places, which change.</summary>
    private static void Write(object? value, StringBuilder model)
    {
        switch (value)
        {
            case null or SourceSpan:
                break;
            case string or IFormattable or Enum or bool or System.Net.IPAddress:
                model.Append(CultureInfo.InvariantCulture, $"{value};");
                break;
            case IEnumerable all:
                foreach (object? one in all)
                {
                    Write(one, model);
                }

                break;
            default:
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    model.Append(property.Name).Append('=');
                    Write(property.GetValue(value), model);
                }

                break;
        }
    }
}
