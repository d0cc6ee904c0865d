using System;

namespace XdpLvs.Director.Tables;

/// <summary>What a listing shows. Where several columns are asked for, the first of these wins, as with ipvsadm.</summary>
[Flags]
internal enum IpvsFormat
{
    /// <summary>Forwarding method, weight, connections.</summary>
    None = 0,

    /// <summary>--stats.</summary>
    Statistics = 1,

    /// <summary>--rate.</summary>
    Rate = 2,

    /// <summary>--thresholds.</summary>
    Thresholds = 4,

    /// <summary>--persistent-conn.</summary>
    PersistentConnections = 8,

    /// <summary>--tun-info.</summary>
    TunnelInfo = 16,

    /// <summary>--nosort.</summary>
    NoSort = 32,

    /// <summary>--exact.</summary>
    Exact = 64,
}
