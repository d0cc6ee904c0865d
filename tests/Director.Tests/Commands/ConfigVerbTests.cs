using System;
using System.IO;
using System.Runtime.Versioning;
using System.Text.Json;
using XdpLvs.Director.Commands;
using Xunit;

namespace XdpLvs.Director.Tests.Commands;

/// <summary>check and fmt: what they print, and their exit codes.</summary>
public sealed class ConfigVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdplvs-verbs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("bogus\n", false, 5)]
    [InlineData("global_defs {\n    smtp_alert\n}\n", false, 0)]
    [InlineData("global_defs {\n    smtp_alert\n}\n@main\n", true, 5)]
    [InlineData("@main bogus\n", false, 5)]
    [InlineData("@other bogus\n", true, 0)]
    public void The_exit_code_of_a_check_is_the_worst_it_found(string text, bool strict, int exit) =>
        Assert.Equal(exit, Check(new CheckOptions(Write(text), "main", strict), out _));

    [Fact]
    public void A_missing_file_is_code_4()
    {
        string path = Path.Combine(_folder.FullName, "none.conf");

        Assert.Equal(4, Check(new CheckOptions(path), out string output));
        Assert.Equal($"{path}: error: the file does not exist\n", output);
    }

    [Fact]
    public void Programs_get_every_finding_with_its_place()
    {
        string path = Write("$A=bogus 1\n  $A\n");
        int exit = Check(new CheckOptions(path, Json: true), out string output);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        JsonElement finding = Assert.Single(root.GetProperty("findings").EnumerateArray());

        Assert.Equal((5, 5), (exit, root.GetProperty("exit").GetInt32()));
        Assert.Equal(
            ("error", path, 1, 4, 5),
            (finding.GetProperty("severity").GetString(), finding.GetProperty("file").GetString(),
                finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32(),
                finding.GetProperty("length").GetInt32()));
        Assert.Equal($"in the expansion of $A at {path}:2", finding.GetProperty("context").GetString());
    }

    [Theory]
    [InlineData("-t -f x", "check -f x")]
    [InlineData("-f x -t", "check -f x")]
    [InlineData("-f x --config-test", "check -f x")]
    [InlineData("check -f x", "check -f x")]
    [InlineData("ipvsadm -L -t x", "ipvsadm -L -t x")]
    [InlineData("-f x", "-f x")]
    [InlineData("", "")]
    public void Keepalived_s_option_for_a_check_means_the_verb(string words, string meant) =>
        Assert.Equal(
            meant.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ConfigVerbs.TakeTest(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Fmt_writes_in_place_and_keeps_the_file_s_mode()
    {
        string path = Write("a{b}");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string link = Path.Combine(_folder.FullName, "link.conf");
        File.CreateSymbolicLink(link, path);

        Assert.Equal((0, "", ""), Fmt(link, write: true));
        Assert.Equal("a {\n    b\n}\n", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.NotNull(File.ResolveLinkTarget(link, returnFinalTarget: false));
        Assert.Equal(2, _folder.GetFiles().Length);
    }

    [Fact]
    public void Fmt_leaves_a_broken_file_alone()
    {
        string path = Write("a{b");
        (int exit, string output, string errors) = Fmt(path, write: true);

        Assert.Equal((5, ""), (exit, output));
        Assert.StartsWith($"xdplvs: {path}: a block is not closed", errors);
        Assert.Equal("a{b", File.ReadAllText(path));
    }

    private static int Check(CheckOptions options, out string output)
    {
        var text = new StringWriter { NewLine = "\n" };
        int exit = CheckCommand.Run(options, text);
        output = text.ToString();
        return exit;
    }

    private static (int Exit, string Output, string Errors) Fmt(string path, bool write)
    {
        var output = new StringWriter { NewLine = "\n" };
        var errors = new StringWriter { NewLine = "\n" };
        return (FmtCommand.Run(path, write, output, errors), output.ToString(), errors.ToString());
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.FullName, "a.conf");
        File.WriteAllText(path, text);
        return path;
    }
}
