using XdpLvs.Checks;
using XdpLvs.Director.Tables;

namespace XdpLvs.Director.Checking;

/// <summary>A check to run and whom its verdict is about.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="Subject">Whom it checks, in keepalived's words.</param>
/// <param name="Probe">What to ask.</param>
/// <param name="Settings">How often, and what the answers mean.</param>
internal sealed record CheckPlan(CheckName Name, CheckSubject Subject, ProbeSettings Probe, CheckSettings Settings);
