using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary>
/// A request at every tick of a schedule that does not wait for answers, so that a silent server costs the
/// requests sent to it and none after it.
/// </summary>
internal sealed class Probe
{
    private readonly Uri _url;
    private readonly TimeSpan _interval, _timeout;
    private readonly TimeProvider _time;
    private readonly List<Task<RequestResult>> _sent = [];
    private readonly long _startUs;
    private readonly Task _sending;
    private volatile bool _stopped;

    /// <summary>Begins at once.</summary>
    public Probe(Uri url, TimeSpan interval, TimeSpan timeout, TimeProvider time)
    {
        (_url, _interval, _timeout, _time) = (url, interval, timeout, time);
        _startUs = time.Microseconds();
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Sends no more, waits for the answers still out, and tells all.</summary>
    public async Task<ProbeSamples> StopAsync()
    {
        _stopped = true;
        await _sending;
        RequestResult[] samples = await Task.WhenAll(_sent);
        return new ProbeSamples(_startUs, _time.Microseconds(), samples);
    }

    private async Task SendAsync()
    {
        long next = _startUs, interval = (long)_interval.TotalMicroseconds;
        while (!_stopped)
        {
            _sent.Add(HttpRequest.GetAsync(_url, _timeout, _time));
            long now = _time.Microseconds();
            next = Math.Max(next + interval, now); // a stall is not made up for by a burst
            if (next > now)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(next - now), _time);
            }
        }
    }
}
