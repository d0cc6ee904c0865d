using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>A clock that tells what it is asked to wait for, so that a test need not guess when to move it.</summary>
internal sealed class TestClock : FakeTimeProvider
{
    /// <summary>Real time after which a test that will never end is ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public TestClock() => Began = GetUtcNow();

    /// <summary>When the test began.</summary>
    public DateTimeOffset Began { get; }

    /// <summary>Seconds since the test began.</summary>
    public double Seconds => (GetUtcNow() - Began).TotalSeconds;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that somebody asks for and that <paramref name="wanted"/> accepts.</summary>
    public async Task<TimeSpan> NextWaitAsync(Func<TimeSpan, bool> wanted)
    {
        while (true)
        {
            TimeSpan wait = await WithinPatienceAsync(_waits.Reader);
            if (wanted(wait))
            {
                return wait;
            }
        }
    }

    /// <summary>What a channel holds next. Fails rather than hangs if nothing comes.</summary>
    public static async Task<T> WithinPatienceAsync<T>(ChannelReader<T> reader) =>
        await reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
}
