using System.Net;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Tables;

namespace XdpLvs.Director.Checking;

/// <summary>The configuration's checks in the words of the checks' engine. Pure.</summary>
internal static class CheckMapping
{
    /// <summary>One check of one real server.</summary>
    internal static CheckPlan Plan(CheckName name, in CheckSubject subject, TcpCheck check)
    {
        var probe = new TcpProbeSettings(new ConnectOptions(new IPEndPoint(check.Ip, check.Port))
        {
            Timeout = check.ConnectTimeout,
            BindTo = check.BindTo,
        });
        var settings = new CheckSettings
        {
            DelayLoop = check.DelayLoop,
            Retry = check.Retry,
            DelayBeforeRetry = check.DelayBeforeRetry,
            Warmup = check.Warmup,
            Alpha = check.Alpha,
            ProbeTimeLimit = probe.TimeLimit,
        };
        return new CheckPlan(name, subject, probe, settings);
    }
}
