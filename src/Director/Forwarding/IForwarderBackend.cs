using System;
using System.Collections.Generic;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Offload;

namespace XdpLvs.Director.Forwarding;

/// <summary>One way of getting frames from an interface and back: AF_XDP or AF_PACKET.</summary>
internal interface IForwarderBackend : IDisposable
{
    /// <summary>For the log: "XDP native, copy".</summary>
    string Description { get; }

    /// <summary>One for each queue, not started.</summary>
    IReadOnlyList<QueueWorker> Workers { get; }

    /// <summary>Takes the place of what a director left that died; all is ready for the frames.</summary>
    void TakeOver();

    /// <summary>From now on frames for these services and no others come here.</summary>
    void SetServices(IReadOnlyCollection<ServiceKey> services);

    /// <summary>What its XDP program forwards by itself; null when it forwards nothing.</summary>
    OffloadPoint? Offload { get; }

    /// <summary>Frames so far that were too long to be taken: something merged or never cut them.</summary>
    long FramesTooLong { get; }

    /// <summary>Whether TCP segments that something merged or never cut are cut here.</summary>
    bool CutsMerged { get; }

    /// <summary>Its XDP program, an instruction a line; null when it has none.</summary>
    string? ListProgram();

    /// <summary>Counters of its own: what was steered, what the kernel lost.</summary>
    IEnumerable<(string Name, long Value)> ReadCounters();
}
