namespace XdpLvs.Vrrp.Bfd;

/// <summary>Says what happened to a session in keepalived's words. For transitions only: it allocates.</summary>
public static class BfdLog
{
    /// <summary>The line for a step that is a transition.</summary>
    public static string Line(in BfdStep step, BfdSettings self)
    {
        string entering = $"BFD_Instance({self.Name}) Entering {step.Next.Session} state";
        return step.Next.Session == BfdSession.Down && step.Before != BfdSession.AdminDown
            ? $"{entering} (Local diagnostic - {Name(step.Next.Diagnostic)}, "
                + $"Remote diagnostic - {Name(step.Next.RemoteDiagnostic)})"
            : entering;
    }

    /// <summary>The RFC's name of a diagnostic.</summary>
    public static string Name(BfdDiagnostic diagnostic) => diagnostic switch
    {
        BfdDiagnostic.None => "No Diagnostic",
        BfdDiagnostic.Expired => "Control Detection Time Expired",
        BfdDiagnostic.EchoFailed => "Echo Function Failed",
        BfdDiagnostic.NeighbourDown => "Neighbor Signaled Session Down",
        BfdDiagnostic.ForwardingReset => "Forwarding Plane Reset",
        BfdDiagnostic.PathDown => "Path Down",
        BfdDiagnostic.ConcatenatedPathDown => "Concatenated Path Down",
        BfdDiagnostic.AdminDown => "Administratively Down",
        BfdDiagnostic.ReversePathDown => "Reverse Concatenated Path Down",
        _ => "Unknown",
    };
}
