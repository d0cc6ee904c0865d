using System;
using System.IO;
using System.Text;
using Xunit;
using XdpLvs.Director.Tests.Scripts;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>The number in a file, as strtol reads it.</summary>
public sealed class FileTrackerTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5\n", 5)]
    [InlineData(" \t\n -12 rest", -12)]
    [InlineData("+7", 7)]
    [InlineData("0x1f", 31)]
    [InlineData("0X1F;", 31)]
    [InlineData("-0x10", -16)]
    [InlineData("010", 8)]
    [InlineData("09", 0)]
    [InlineData("0", 0)]
    [InlineData("0x", 0)]
    [InlineData("", 0)]
    [InlineData("-", 0)]
    [InlineData("x5", 0)]
    [InlineData("254", 254)]
    [InlineData("255", 254)]
    [InlineData("99999999999999999999999999", 254)]
    [InlineData("-99999999999999999999999999", -254)]
    public void A_number_is_read_as_strtol_reads_it_and_held_within_254(string text, int value) =>
        Assert.Equal(value, FileTracker.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void No_octets_whatever_make_it_fail()
    {
        var random = new Random(20261128);
        byte[] text = new byte[16];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(text);
            Assert.InRange(FileTracker.Parse(text.AsSpan(0, random.Next(17))), -254, 254);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_or_none_reads_as_zero_at_once()
    {
        string path = _folder.Path + "/tracked";
        var self = new FileTrackerSettings("disk", path);
        Assert.Equal(Reading.Of(0), FileTracker.Read(self));

        using NamedPipe fifo = NamedPipe.Open(path, Account.OwnUserId, Account.OwnGroupId);
        Assert.Equal(Reading.Of(0), FileTracker.Read(self)); // does not wait for a writer
    }

    [Fact]
    public void The_initial_value_is_written_unless_the_file_is_there_and_may_not_be_overwritten()
    {
        var self = new FileTrackerSettings("disk", _folder.Path + "/tracked") { InitialValue = 5 };
        FileTracker.Initialize(self);
        Assert.Equal("5\n", File.ReadAllText(self.Path));

        FileTracker.Initialize(self with { InitialValue = 6 });
        Assert.Equal("5\n", File.ReadAllText(self.Path));
        FileTracker.Initialize(self with { InitialValue = 6, Overwrite = true });
        Assert.Equal("6\n", File.ReadAllText(self.Path));
    }
}
