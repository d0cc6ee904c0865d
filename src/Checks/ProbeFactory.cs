using System;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Linq;

namespace XdpLvs.Checks;

/// <summary>What probes need from outside.</summary>
/// <param name="Clock">Measures timeouts.</param>
/// <param name="Scripts">Runs the scripts of MISC_CHECKs.</param>
/// <param name="File">Finds a track_file by its name; null if there is none.</param>
/// <param name="BfdSession">Finds a bfd_instance by its name, true while it is up; null if there is none.</param>
public sealed record ProbeSurroundings(
    TimeProvider Clock,
    IScriptRunner Scripts,
    Func<string, IWatchedValue<int>?> File,
    Func<string, IWatchedValue<bool>?> BfdSession);

/// <summary>Makes the probes of a check.</summary>
public static class ProbeFactory
{
    /// <summary>One probe, or several that take turns.</summary>
    public static ImmutableArray<IProbe> Make(ProbeSettings settings, ProbeSurroundings around) => settings switch
    {
        TcpProbeSettings tcp => [new TcpProbe(tcp.Connect, around.Clock)],
        HttpProbeSettings http => [.. http.Pages.Select(page => new HttpProbe(http, page, around.Clock))],
        SmtpProbeSettings smtp => [new SmtpProbe(smtp, around.Clock)],
        DnsProbeSettings dns => [new DnsProbe(dns, around.Clock)],
        UdpProbeSettings udp => [new UdpProbe(udp, around.Clock)],
        PingProbeSettings ping => [new PingProbe(ping.Connect, around.Clock)],
        ScriptProbeSettings script => [new ScriptProbe(script, around.Scripts)],
        FileProbeSettings file => [around.File(file.Name) is { } value
            ? new FileProbe(file, value)
            : new MissingProbe($"there is no track_file {file.Name}")],
        BfdProbeSettings bfd => [around.BfdSession(bfd.Name) is { } session
            ? new BfdProbe(bfd, session)
            : new MissingProbe($"there is no bfd_instance {bfd.Name}")],
        _ => throw new UnreachableException($"no probe for {settings.Kind}"),
    };
}
