using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>The keywords of a virtual server that say when it counts as up.</summary>
internal static class QuorumRules
{
    private const int DefaultQuorum = 1;

    /// <summary>The rules.</summary>
    public static Rule<VirtualServerDraft>[] All { get; } =
    [
        new("quorum", false, Quorum),
        new("hysteresis", false, Hysteresis),
    ];

    /// <summary>
    /// Both numbers as they can work: a quorum above the sum of all weights could never be reached, and a
    /// hysteresis as large as the quorum never be lost. keepalived lowers them too (<c>check_data.c</c>), but to 0
    /// and 2^32 - 1 where all weights are 0; here the quorum is never below 1.
    /// </summary>
    public static (int Quorum, int Hysteresis) Of(
        VirtualServerDraft draft, ImmutableArray<RealServer> servers, Reporter report)
    {
        long weights = servers.Sum(server => (long)server.Weight);
        int quorum = draft.Quorum?.Value ?? DefaultQuorum;
        int hysteresis = draft.Hysteresis?.Value ?? 0;
        bool allAreRead = servers.Length == draft.RealServers.Count;
        if (draft.Quorum is { } wanted && quorum > weights && quorum > DefaultQuorum && allAreRead)
        {
            quorum = (int)(weights > DefaultQuorum ? weights : DefaultQuorum);
            report.Warning(
                wanted.Place, $"quorum {wanted.Value} is above the sum of all weights, {weights}; {quorum} is taken");
        }

        if (draft.Hysteresis is { } written && hysteresis >= quorum)
        {
            hysteresis = quorum - 1;
            report.Warning(
                written.Place, $"hysteresis {written.Value} is not below quorum {quorum}; {hysteresis} is taken");
        }

        return (quorum, hysteresis);
    }

    private static void Quorum(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 1, int.MaxValue, out int quorum))
        {
            draft.Quorum = (statement.Words[1], quorum);
        }
    }

    private static void Hysteresis(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 0, int.MaxValue, out int hysteresis))
        {
            draft.Hysteresis = (statement.Words[1], hysteresis);
        }
    }
}
