using System;
using System.IO;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Where the programs are, and what is said when one is missing.</summary>
internal static class PeerTools
{
    /// <summary>Debian's keepalived.</summary>
    public const string Keepalived = "/usr/sbin/keepalived";

    /// <summary>FRR's VRRP daemon.</summary>
    public const string Vrrpd = "/usr/lib/frr/vrrpd";

    /// <summary>FRR's link to the kernel.</summary>
    public const string Zebra = "/usr/lib/frr/zebra";

    /// <summary>Our daemon, built beside this test in the same configuration.</summary>
    public static string XdpLvs
    {
        get
        {
            string here = AppContext.BaseDirectory; // tests/Netns.Tests/bin/Release/net10.0/
            string build = Path.GetRelativePath(Path.Combine(here, "../.."), here);
            string path = Path.GetFullPath(
                Path.Combine(here, "../../../../..", "src/Director/bin", build, "xdplvs"));
            return File.Exists(path) ? path : throw new LabException($"{path} is missing: build src/Director");
        }
    }

    /// <summary>Skips the test where it cannot run.</summary>
    public static void Require(PeerKind peer)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        if (peer == PeerKind.Frr)
        {
            Assert.SkipUnless(File.Exists(Vrrpd) && File.Exists(Zebra), "FRR's vrrpd is not installed");
        }
        else
        {
            Assert.SkipUnless(File.Exists(Keepalived), "keepalived is not installed");
        }
    }
}
