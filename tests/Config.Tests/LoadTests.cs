using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Files that are there, and files that are not.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdplvs-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_read_under_its_own_name()
    {
        string path = Write(Encoding.UTF8.GetBytes("\uFEFF" + Sample.Text + "x"));
        ParseResult result = ConfigReader.Load(path);

        Diagnostic error = Assert.Single(result.Diagnostics);
        Assert.Equal((path, 36, 1, false), (error.File, error.Line, error.Column, result.FileProblem));
        Assert.Single(result.Config.Instances);
    }

    [Fact]
    public void A_missing_file_is_a_file_problem() =>
        AssertProblem("the file does not exist", Path.Combine(_folder.FullName, "no", "such.conf"));

    [Fact]
    public void A_directory_is_a_file_problem() => AssertProblem("this is a directory", _folder.FullName);

    [Fact]
    public void No_name_is_a_file_problem() => AssertProblem("the file cannot be read: ", "");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_a_file_problem()
    {
        string path = Write([]);
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");

        AssertProblem("the file may not be read by this user", path);
    }

    [Theory]
    [InlineData(ConfigReader.FileSizeMax, false)]
    [InlineData(ConfigReader.FileSizeMax + 1, true)]
    public void A_huge_file_is_a_file_problem(int size, bool isProblem)
    {
        byte[] content = new byte[size];
        content.AsSpan().Fill((byte)'\n');

        Assert.Equal(isProblem, ConfigReader.Load(Write(content)).FileProblem);
    }

    [Fact]
    public void A_device_without_end_is_a_file_problem() =>
        AssertProblem("the file is larger than 64 MiB", "/dev/zero");

    [Fact]
    public void Utf16_is_a_file_problem() =>
        AssertProblem("the file is UTF-16; save it as UTF-8", Write([0xFF, 0xFE, (byte)'x', 0]));

    [Theory]
    [InlineData("# ", 1, 3)]
    [InlineData("\uFEFF# 名 ", 1, 5)]
    [InlineData("\n\n# 😀", 3, 4)]
    public void Octets_that_are_not_utf8_are_noticed_where_they_start(string before, int line, int column)
    {
        byte[] gbk = [0xC3, 0xFB, 0xB3, 0xC6];
        byte[] after = Encoding.UTF8.GetBytes("\n" + Sample.Text);
        byte[] content = [.. Encoding.UTF8.GetBytes(before), .. gbk, .. after];
        ParseResult result = ConfigReader.Load(Write(content));

        Diagnostic notice = Assert.Single(result.Diagnostics);
        Assert.Equal((Severity.Notice, line, column), (notice.Severity, notice.Line, notice.Column));
        Assert.False(result.FileProblem);
        Assert.Single(result.Config.Services);
    }

    private static void AssertProblem(string message, string path)
    {
        ParseResult result = ConfigReader.Load(path);

        Assert.True(result.FileProblem);
        Assert.True(result.HasErrors);
        Assert.StartsWith(message, Assert.Single(result.Diagnostics).Message);
        Assert.Empty(result.Config.Services.Concat<object>(result.Config.Instances));
        Assert.Equal($"{path}: error: {result.Diagnostics[0].Message}\n", DiagnosticFormatter.FormatAll(result));
    }

    private string Write(byte[] content)
    {
        string path = Path.Combine(_folder.FullName, "a.conf");
        File.WriteAllBytes(path, content);
        return path;
    }
}
