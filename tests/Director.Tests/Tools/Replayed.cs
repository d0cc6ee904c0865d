using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using XdpLvs.Director.Commands;
using XdpLvs.Forwarder;
using XdpLvs.Director.Forwarding;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;

namespace XdpLvs.Director.Tests.Tools;

/// <summary>A folder with a configuration, and captures that go through xdplvs replay.</summary>
internal sealed class Replayed : IDisposable
{
    internal const uint Client = 0xC6336401, Vip = 0xC0000250; // 198.51.100.1, 192.0.2.80

    internal const string Config = """
        vrrp_instance V {
            interface eth0
            virtual_router_id 51
            virtual_ipaddress {
                192.0.2.80
            }
        }
        virtual_server 192.0.2.80 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            real_server 192.0.2.1 80 {
                TCP_CHECK {
                }
            }
            real_server 192.0.2.2 80 {
                alpha
                TCP_CHECK {
                }
            }
        }
        virtual_server 192.0.2.80 53 {
            lb_algo rr
            lb_kind DR
            protocol UDP
            real_server 192.0.2.2 53 {
            }
            real_server 192.0.2.3 53 {
            }
        }
        """;

    internal static readonly MacAddress Own = new(0x02_00_00_00_AA_01), Gateway = new(0x02_00_00_00_AA_FE);

    internal static readonly FrameBuilder ToWeb = new()
    {
        TargetMac = Own,
        SourceMac = Gateway,
        From = Client,
        FromPort = 50_000,
        To = Vip,
        ToPort = 80,
    };

    internal static readonly FrameBuilder ToDns = ToWeb with { ToPort = 53 };

    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-replay-").FullName;

    internal Replayed()
    {
        File.WriteAllText(PathOf("keepalived.conf"), Config);
        Options = new ReplayOptions(
            PathOf("keepalived.conf"),
            PathOf("in.pcap"),
            PathOf("out.pcap"),
            OwnMac: null,
            new Dictionary<IpAddress, MacAddress>(),
            Mtu: 0,
            Quiet: false);
    }

    /// <summary>May be changed before it runs.</summary>
    internal ReplayOptions Options { get; set; }

    /// <summary>What it printed about frames: one line each.</summary>
    internal string[] Frames { get; private set; } = [];

    /// <summary>All that it printed.</summary>
    internal string Output { get; private set; } = "";

    /// <summary>What it complained of.</summary>
    internal string Complaints { get; private set; } = "";

    /// <summary>What it wrote.</summary>
    internal List<PcapFrame> Sent => PcapFile.Read(PathOf("out.pcap"));

    internal string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Frames a tenth of a second apart.</summary>
    internal static PcapFrame[] Evenly(params byte[][] frames) =>
        [.. frames.Select((octets, i) => new PcapFrame(1_700_000_000_000_000 + (i * 100_000L), octets))];

    /// <summary>Replays frames. Returns the exit code.</summary>
    internal int Run(params PcapFrame[] frames) => Run(PcapFile.Classic(frames));

    /// <summary>Replays a file of these octets.</summary>
    internal int Run(byte[] capture)
    {
        Assert.SkipUnless(NativeLibrary.TryLoad("libpcap.so.0.8", out _), "libpcap is not installed");
        File.WriteAllBytes(PathOf("in.pcap"), capture);
        return Run();
    }

    /// <summary>Replays what is there.</summary>
    internal int Run()
    {
        using var output = new StringWriter();
        using var complaints = new StringWriter();
        int exit = new ReplayCommand(Options, output, complaints).Run();
        (Output, Complaints) = (output.ToString(), complaints.ToString());
        Frames = [.. Output.Split('\n').Where(line => line.Length > 7 && char.IsAsciiDigit(line[6]) && line[7] == ' ')];
        return exit;
    }

    /// <summary>What it counted for a door.</summary>
    internal long Count(Outcome door)
    {
        string line = Output.Split('\n').Single(
            each => each.StartsWith("  " + ForwarderInterface.Name(door) + "  ", StringComparison.Ordinal));
        return long.Parse(line[46..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
