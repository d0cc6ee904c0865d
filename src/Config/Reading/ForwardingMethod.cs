namespace XdpLvs.Config;

/// <summary>Reads <c>lb_kind</c> and <c>lvs_method</c>: the forwarder knows DR, and never pretends another.</summary>
internal static class ForwardingMethod
{
    /// <summary>Words behind the keyword: the method, and for tunnels a type, a port and a checksum.</summary>
    public const int Words = 6;

    /// <summary>Whether DR is written; if not, that is reported with what follows from it.</summary>
    public static bool IsDirect(Statement statement, string consequence, Reporter report)
    {
        if (!report.TryWord(statement, $"DR{consequence}", out Word name))
        {
            return false;
        }

        bool isDirect = name.Text == "DR";
        string quoted = Reporter.Quote(name.Text);
        if (name.Text is "NAT" or "TUN")
        {
            string? reason = NoEffect.RefusalOf("virtual_server", $"({name.Text})");
            report.Error(name, $"forwarding method {quoted} is not supported, only DR: {reason}{consequence}");
        }
        else if (!isDirect)
        {
            string? nearest = Spelling.Nearest(name.Text, ["DR"]);
            report.Error(name, $"unknown forwarding method {quoted}{consequence}", nearest);
        }

        return isDirect;
    }
}
