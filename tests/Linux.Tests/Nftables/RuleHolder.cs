using System;
using System.Runtime.CompilerServices;
using XdpLvs.Linux.Nftables;

namespace XdpLvs.Linux.Tests.Nftables;

/// <summary>This test program started once more, to hold a rule until it is killed.</summary>
internal static class RuleHolder
{
    public const string Variable = "XLN_HOLD_RULE_ON", Ready = "rule in place";

    /// <summary>In the child the tests never start: it holds the rule instead.</summary>
    [ModuleInitializer]
    internal static void HoldIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } link)
        {
            return;
        }

        using var rule = new IngressDropRule(link, [IngressDropRuleTests.Service]);
        Console.WriteLine(Ready);
        Console.In.Read(); // until killed, or the parent closes the pipe
        Environment.Exit(0);
    }
}
