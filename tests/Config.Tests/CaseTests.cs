using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Files with what is said about them beside. <c>UPDATE_CASES=1</c> writes that anew, for review.</summary>
public sealed class CaseTests
{
    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Sample.Cases, "*.conf").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_gets_the_findings_beside_it(string name)
    {
        string text = File.ReadAllText(Path.Combine(Sample.Cases, name));
        string expectedPath = Path.Combine(Sample.Cases, Path.ChangeExtension(name, ".expected"));
        ParseResult result = ConfigReader.Parse(text, name);
        IEnumerable<string> model = result.Config.Instances.Select(one => $"instance {one.Name}")
            .Concat(result.Config.Services.Select(Words));
        string actual = DiagnosticFormatter.FormatAll(result) + string.Concat(model.Select(line => $"=> {line}\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
        {
            File.WriteAllText(expectedPath, actual);
        }

        Assert.Equal(File.ReadAllText(expectedPath), actual);
    }

    private static string Words(VirtualServer one)
    {
        string persistence = one.PersistenceTimeout is { } time
            ? $", persistent {time.TotalSeconds} mask {one.PersistenceMask}"
            : "";
        string sorry = one.SorryServer is { } server ? $", sorry {server.Address}" : "";
        return $"service {new IPEndPoint(one.Address, one.Port)} {one.Protocol} {one.Scheduler} "
            + $"({one.SchedulerSwitches}{(one.OnePacket ? ", ops" : "")}){persistence}, "
            + $"quorum {one.Quorum} hysteresis {one.Hysteresis}{sorry} with {one.RealServers.Length} real servers, "
            + $"{one.RealServers.Count(real => real.CheckNotUnderstood)} of them out of service";
    }
}
