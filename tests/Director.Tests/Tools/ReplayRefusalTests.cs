using System;
using System.IO;
using XdpLvs.Director.Tools;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Wire;
using Xunit;
using static XdpLvs.Director.Tests.Tools.Replayed;

namespace XdpLvs.Director.Tests.Tools;

/// <summary>What replay cannot do, it says, with the house's exit codes.</summary>
public sealed class ReplayRefusalTests : IDisposable
{
    private readonly Replayed _replay = new();

    public void Dispose() => _replay.Dispose();

    [Fact]
    public void No_configuration_is_code_6()
    {
        File.Delete(_replay.Options.ConfigPath);

        Assert.Equal(6, _replay.Run());
        Assert.Contains("the file does not exist", _replay.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_without_services_is_code_2()
    {
        File.WriteAllText(_replay.Options.ConfigPath, "global_defs {\n}\n");

        Assert.Equal(2, _replay.Run());
        Assert.Contains("has no virtual_server", _replay.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_in_the_configuration_are_shown_and_the_rest_is_used()
    {
        File.AppendAllText(_replay.Options.ConfigPath, "\nvirtual_servr 192.0.2.81 80 {\n}\n");

        Assert.Equal(0, _replay.Run(Evenly(ToWeb.Tcp(TcpControl.Syn))));
        Assert.Contains("did you mean 'virtual_server'?", _replay.Complaints, StringComparison.Ordinal);
        Assert.Equal(1, _replay.Count(Outcome.Forwarded));
    }

    [Fact]
    public void A_capture_that_is_not_there_is_code_1()
    {
        _replay.Run(Evenly());
        File.Delete(_replay.PathOf("in.pcap"));

        Assert.Equal(1, _replay.Run());
        Assert.Contains("in.pcap cannot be read: ", _replay.Complaints, StringComparison.Ordinal);
        Assert.Contains("No such file or directory", _replay.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_link_type_is_named()
    {
        Assert.Equal(1, _replay.Run(PcapFile.Classic(Evenly([0, 0]), PcapFile.LinuxCooked)));

        Assert.Contains("link type LinuxSll (113); only Ethernet", _replay.Complaints, StringComparison.Ordinal);
        Assert.Equal("", _replay.Output);
    }

    [Fact]
    public void What_is_no_capture_is_said_to_be_none()
    {
        Assert.Equal(1, _replay.Run("this is not a capture at all, is it?"u8.ToArray()));
        Assert.Contains("unknown file format", _replay.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_capture_with_a_damaged_end_the_rest_is_replayed()
    {
        byte[] capture = PcapFile.Classic(Evenly(ToWeb.Tcp(TcpControl.Syn), ToDns.Udp()));

        Assert.Equal(1, _replay.Run(capture[..^5]));
        Assert.Contains("in.pcap is damaged: truncated dump file", _replay.Complaints, StringComparison.Ordinal);
        Assert.Equal(1, _replay.Count(Outcome.Forwarded));
        Assert.Single(_replay.Sent);
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_code_1()
    {
        _replay.Options = _replay.Options with { Output = _replay.PathOf("no/such/folder.pcap") };

        Assert.Equal(1, _replay.Run(Evenly()));
        Assert.Contains("folder.pcap cannot be written: ", _replay.Complaints, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_libpcap_is_named_with_its_package()
    {
        var missing = new TypeInitializationException(
            "SharpPcap.Pcap", new DllNotFoundException("Unable to load shared library 'libpcap'"));

        Assert.Contains("apt-get install libpcap0.8", CaptureFiles.Explain(missing), StringComparison.Ordinal);
        Assert.Null(CaptureFiles.Explain(new InvalidOperationException()));
    }
}
