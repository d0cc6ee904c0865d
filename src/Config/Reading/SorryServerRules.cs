using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

/// <summary>The keywords of a virtual server about the one that serves when nobody else can.</summary>
internal static class SorryServerRules
{
    private const string LeftOut = "; the sorry server is left out";

    /// <summary>The rules. What they say is put together last: the lines may stand in any order.</summary>
    public static Rule<VirtualServerDraft>[] All { get; } =
    [
        new("sorry_server", false, (draft, statement, _) => draft.SorryServer = statement, 2),
        new("sorry_server_inhibit", false, Inhibit),
        new("sorry_server_lvs_method", false, Method, ForwardingMethod.Words),
    ];

    /// <summary>The sorry server, or null if there is none or none that can be used.</summary>
    public static SorryServer? Of(VirtualServerDraft draft, ImmutableArray<RealServer> servers, Reporter report)
    {
        if (draft.SorryServer is not { } statement)
        {
            if (draft.SorryInhibit is { } lonely)
            {
                report.Error(lonely.Line.Words[0], "there is no 'sorry_server' that could be inhibited");
            }

            return null;
        }

        ushort written = 0;
        if (!report.TryIpHost(statement, out IPAddress address)
            || !report.IsOfFamily(statement.Words[1], address, draft.Address, "sorry server")
            || (statement.Words.Length > 2 && !report.TryPortOrZero(statement.Words[2], out written))
            || draft.IsSorryMethodWrong)
        {
            return null;
        }

        ushort port = draft.Port ?? 0;
        if (written != 0 && written != port && draft.Port is not null)
        {
            report.Warning(statement.Words[2], $"DR cannot change ports: port {port} is taken");
        }

        bool inhibit = draft.SorryInhibit?.IsOn ?? false;
        if (servers.FirstOrDefault(server => server.Address.Equals(address)) is { } same
            && same.InhibitOnFailure != inhibit)
        {
            inhibit = same.InhibitOnFailure;
            report.Warning(
                statement.Words[1],
                $"{address} is a real server too: its inhibit_on_failure, {(inhibit ? "on" : "off")}, is taken");
        }

        return new SorryServer(address, port, inhibit, report.Span(statement.Header(3)));
    }

    private static void Inhibit(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.SorryInhibit = (statement, report.Switch(statement));

    private static void Method(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.IsSorryMethodWrong = !ForwardingMethod.IsDirect(statement, LeftOut, report);
}
