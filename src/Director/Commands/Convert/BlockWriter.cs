using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace XdpLvs.Director.Commands.Convert;

/// <summary>Writes rules of ipvsadm as <c>virtual_server</c> blocks.</summary>
internal static class BlockWriter
{
    /// <summary>The blocks, with a blank line between them.</summary>
    internal static string Write(IEnumerable<IpvsRule> rules) => string.Join('\n', rules.Select(Write));

    private static string Write(IpvsRule rule)
    {
        var text = new StringBuilder();
        bool isMark = rule.Protocol.Length == 0;
        string name = isMark ? $"fwmark {rule.Address}" : Text($"{rule.Address} {rule.Port}");
        string method = rule.Servers.Count > 0 ? rule.Servers[0].Method : "DR";
        text.Append(Text($"virtual_server {name} {{\n    lb_algo {rule.Scheduler}\n"));
        foreach (string flag in rule.Flags)
        {
            text.Append(Text($"    {flag}\n"));
        }

        text.Append(rule.IsOnePacket ? "    ops\n" : "").Append(Text($"    lb_kind {method}\n"));
        text.Append(isMark ? "" : $"    protocol {rule.Protocol}\n");
        text.Append(rule.Persistence is { } seconds ? Text($"    persistence_timeout {seconds}\n") : "");
        text.Append(rule.Mask is { } mask ? $"    persistence_granularity {mask}\n" : "");
        text.Append(rule.Engine is { } engine ? $"    persistence_engine {engine}\n" : "");
        foreach (IpvsRuleServer server in rule.Servers)
        {
            string port = isMark ? "" : Text($" {server.Port}");
            text.Append(Text($"\n    real_server {server.Address}{port} {{\n        weight {server.Weight}\n"));
            text.Append(server.Method == method ? "" : $"        lvs_method {server.Method}\n");
            text.Append(server.Upper > 0 ? Text($"        uthreshold {server.Upper}\n") : "");
            text.Append(server.Lower > 0 ? Text($"        lthreshold {server.Lower}\n") : "");
            text.Append("    }\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Text(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
