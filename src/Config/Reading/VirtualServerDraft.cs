using System;
using System.Collections.Generic;
using System.Net;

namespace XdpLvs.Config;

/// <summary>A <c>virtual_server</c> while it is being read.</summary>
/// <param name="context">The rest of the file.</param>
internal sealed class VirtualServerDraft(ServiceContext context) : TimingDraft
{
    /// <summary>The rest of the file.</summary>
    public ServiceContext Context { get; } = context;

    /// <summary>The group it is for; null: it has an address itself.</summary>
    public ServiceGroup? Group { get; set; }

    /// <summary>Its address; null while, or because, it is not known.</summary>
    public IPAddress? Address { get; set; }

    /// <summary>Its port, 0 for all; null while, or because, it is not known.</summary>
    public ushort? Port { get; set; }

    public SchedulerKind? Scheduler { get; set; }

    /// <summary>The flags of schedulers that were written, whichever scheduler it will be.</summary>
    public Dictionary<string, (Statement Line, bool IsOn)> Flags { get; } = [];

    public (Statement Line, bool IsOn)? OnePacket { get; set; }

    public bool IsDirectRouting { get; set; }

    public TransportProtocol? Protocol { get; set; }

    public TimeSpan? PersistenceTimeout { get; set; }

    public bool IsPersistenceOff { get; set; }

    public IPAddress? PersistenceMask { get; set; }

    public int? Weight { get; set; }

    public bool? InhibitOnFailure { get; set; }

    public (Word Place, int Value)? Quorum { get; set; }

    public (Word Place, int Value)? Hysteresis { get; set; }

    public Statement? SorryServer { get; set; }

    public (Statement Line, bool IsOn)? SorryInhibit { get; set; }

    public bool IsSorryMethodWrong { get; set; }

    /// <summary>A check stands outside the real servers: nobody knows whose it is.</summary>
    public bool HasStrayCheck { get; set; }

    /// <summary>Keywords that were written, but misspelt or in a way that is not supported.</summary>
    public HashSet<string> NotUnderstood { get; } = [];

    public TimeSpan? Drain { get; set; }

    public ScriptCommand? QuorumUp { get; set; }

    public ScriptCommand? QuorumDown { get; set; }

    public bool Omega { get; set; }

    public bool HaSuspend { get; set; }

    public bool? SmtpAlert { get; set; }

    /// <summary>Something was reported that it must not be run with.</summary>
    public bool IsLeftOut { get; set; }

    public List<Statement> RealServers { get; } = [];
}
