using System;
using System.Collections.Immutable;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Director.Logging;

namespace XdpLvs.Director;

internal sealed class CheckBoard(ImmutableArray<CheckPlan> plans, ChannelWriter<DirectorEvent> director, EventLog log) : IAsyncDisposable
{
    internal void Start() => log.Event($"{plans.Length} checks {director}");
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
