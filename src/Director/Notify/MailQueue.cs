using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace XdpLvs.Director.Notify;

/// <summary>Delivers one mail, or throws. Its own limit of time is part of it.</summary>
internal delegate Task MailDelivery(Mail mail, CancellationToken stop);

/// <summary>
/// The one queue of all mails. Adding never waits: a full queue loses the mail, and that is counted and said once it
/// goes on. One at a time is delivered, in order; what fails is tried again a few times, then given up with a line in
/// the log.
/// </summary>
internal sealed class MailQueue : IAsyncDisposable
{
    /// <summary>Mails that wait at most.</summary>
    internal const int MailsMax = 256;

    /// <summary>How often a mail is tried.</summary>
    internal const int TriesMax = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of the daemon waits for mails that are still on their way.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(3);

    private readonly Channel<Mail> _mails = Channel.CreateBounded<Mail>(MailsMax);
    private readonly CancellationTokenSource _stop = new();
    private readonly MailDelivery _deliver;
    private readonly Action<string> _warn;
    private readonly TimeProvider _clock;
    private readonly Task _pump;
    private int _lost;

    /// <param name="deliver">How one mail is delivered.</param>
    /// <param name="warn">Hears of mails that were not.</param>
    /// <param name="clock">Measures the pauses between tries.</param>
    internal MailQueue(MailDelivery deliver, Action<string> warn, TimeProvider clock)
    {
        _deliver = deliver;
        _warn = warn;
        _clock = clock;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Puts a mail into the queue. Any thread, never waits.</summary>
    internal void Add(Mail mail)
    {
        if (!_mails.Writer.TryWrite(mail))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Takes no more, gives what waits a moment, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _mails.Writer.TryComplete();
        _stop.CancelAfter(FarewellMax);
        await _pump.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (Mail mail in _mails.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                await TryAsync(mail).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
                {
                    _warn($"{lost} mail(s) lost: {MailsMax} were waiting for the mail server already");
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _warn($"mails not delivered before the end: {_mails.Reader.Count + 1}");
        }
    }

    private async Task TryAsync(Mail mail)
    {
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            try
            {
                await _deliver(mail, _stop.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!_stop.IsCancellationRequested)
            {
                if (tries == TriesMax)
                {
                    _warn($"mail \"{mail.Subject}\" given up after {tries} tries: {error.Message}");
                    return;
                }
            }

            await Task.Delay(pause, _clock, _stop.Token).ConfigureAwait(false);
            pause *= 2;
        }
    }
}
