using System.Collections.Immutable;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>What a command line asks for.</summary>
internal enum IpvsadmVerb
{
    /// <summary>Nothing: <see cref="IpvsadmRequest.Complaint"/> says why.</summary>
    None,

    /// <summary>-L.</summary>
    List,

    /// <summary>-S.</summary>
    Save,

    /// <summary>-Z.</summary>
    Zero,

    /// <summary>--set.</summary>
    Set,

    /// <summary>-h.</summary>
    Help,

    /// <summary>-v.</summary>
    Version,
}

/// <summary>A command line, understood.</summary>
/// <param name="Verb">What to do.</param>
internal sealed record IpvsadmRequest(IpvsadmVerb Verb)
{
    /// <summary>Names of the options given, of <see cref="IpvsadmWord.Names"/>.</summary>
    internal ImmutableHashSet<string> Options { get; init; } = [];

    /// <summary>The service of -t, -u or --sctp-service; null when none was given.</summary>
    internal ServiceKey? Service { get; init; }

    /// <summary>Columns and order of a listing.</summary>
    internal IpvsFormat Format { get; init; }

    /// <summary>Of --set, seconds.</summary>
    internal IpvsTimeouts Timeouts { get; init; }

    /// <summary>For standard error, without its line end; null when all is well.</summary>
    internal string? Complaint { get; init; }

    /// <summary>Exit code of the complaint.</summary>
    internal int Exit { get; init; }

    /// <summary>Whether that option was given.</summary>
    internal bool Has(string name) => Options.Contains(name);
}
