using System;

namespace XdpLvs.Vrrp;

/// <summary>RFC 9568 section 6.3. The RFC says Active where keepalived says MASTER.</summary>
public enum Role
{
    /// <summary>Not taking part.</summary>
    Initialize,

    /// <summary>Listening, ready to take over.</summary>
    Backup,

    /// <summary>Holding the virtual addresses.</summary>
    Active,

    /// <summary>Unable to serve: something of <see cref="FaultCauses"/> is the case. keepalived's addition.</summary>
    Fault,

    /// <summary>
    /// Stopped and resigned, but still holding the virtual addresses until a successor is heard. Our addition.
    /// </summary>
    Leaving,
}

/// <summary>What keeps a router from serving. While any is set, it is in <see cref="Role.Fault"/>.</summary>
[Flags]
public enum FaultCauses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An interface lost its carrier or was taken down.</summary>
    Link = 1,

    /// <summary>Our source address is missing, or somebody removed a virtual address that we hold.</summary>
    Addresses = 2,

    /// <summary>Something tracked without weight failed: a script, file, process, interface or BFD session.</summary>
    Tracked = 4,

    /// <summary>Another member of the sync group cannot serve.</summary>
    Group = 8,
}
