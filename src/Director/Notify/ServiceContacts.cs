using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Scripts;
using XdpLvs.Linux;

namespace XdpLvs.Director.Notify;

/// <summary>Who is told of a real server.</summary>
/// <param name="Name">"[192.168.5.103]:tcp:80".</param>
/// <param name="Up">notify_up; null: nothing is run.</param>
/// <param name="Down">notify_down; likewise.</param>
/// <param name="Mails">smtp_alert.</param>
internal sealed record RealServerContacts(string Name, Script? Up, Script? Down, bool Mails);

/// <summary>Who is told of a virtual server.</summary>
/// <param name="Name">"[192.168.5.100]:tcp:80".</param>
/// <param name="Quorum">As configured, for mails.</param>
/// <param name="Hysteresis">Likewise.</param>
/// <param name="Up">quorum_up; null: nothing is run.</param>
/// <param name="Down">quorum_down; likewise.</param>
/// <param name="Mails">smtp_alert.</param>
/// <param name="Omega">They are told too when the daemon ends.</param>
/// <param name="Reals">In the file's order.</param>
internal sealed record ServiceContacts(
    string Name,
    int Quorum,
    int Hysteresis,
    Script? Up,
    Script? Down,
    bool Mails,
    bool Omega,
    ImmutableArray<RealServerContacts> Reals)
{
    /// <summary>As configured. A script that must not run is said by the desk and then left out.</summary>
    internal static ServiceContacts Of(VirtualServer server, ScriptDesk? desk)
    {
        byte protocol = (byte)server.Protocol;
        return new ServiceContacts(
            AddressText.Service(IpAddress.From(server.Address), protocol, server.Port),
            server.Quorum,
            server.Hysteresis,
            desk?.Admit(server.QuorumUp, "notify"),
            desk?.Admit(server.QuorumDown, "notify"),
            server.SmtpAlert,
            server.Omega,
            [
                .. server.RealServers.Select(real => new RealServerContacts(
                    AddressText.Service(IpAddress.From(real.Address), protocol, real.Port),
                    desk?.Admit(real.NotifyUp, "notify"),
                    desk?.Admit(real.NotifyDown, "notify"),
                    real.SmtpAlert)),
            ]);
    }
}
