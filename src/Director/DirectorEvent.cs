using System.Threading.Tasks;
using XdpLvs.Checks;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Director;

/// <summary>Something the director loop must know. Each kind is one record.</summary>
internal abstract record DirectorEvent;

/// <summary>A check changed its mind, about its real server's health or its weight.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="Report">What it thinks now.</param>
/// <param name="Mail">What a mail says of it; null: it is worth none.</param>
/// <param name="GivenAt">When, by <see cref="Linux.Process.Clock"/>.</param>
internal sealed record VerdictGiven(CheckName Name, CheckReport Report, string? Mail, long GivenAt) : DirectorEvent;

/// <summary>A link, address, neighbour or route changed.</summary>
internal sealed record NetworkChanged(NetworkEvent What) : DirectorEvent;

/// <summary>Another director was heard for the first time.</summary>
internal sealed record PeerHeard(int LinkIndex, IpAddress Address) : DirectorEvent;

/// <summary>Some time has passed: what was asked of the network and not answered is asked again.</summary>
internal sealed record TimePassed : DirectorEvent;

/// <summary>A command asks; the loop answers.</summary>
internal sealed record Asked(ControlRequest Request, TaskCompletionSource<ControlAnswer> Answer) : DirectorEvent;
