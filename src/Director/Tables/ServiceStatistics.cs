using System;
using System.Collections.Generic;

namespace XdpLvs.Director.Tables;

/// <summary>
/// What ipvsadm shows with --stats and --rate: counts since they were last zeroed, and rates. A service has the sum of
/// its real servers, those included that are out of service now. Owned by the director loop.
/// </summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_copy_stats and ip_vs_zero_stats: counters go on, a listing shows what
/// came since a remembered zero point; zeroing lets the rates begin anew.
/// </remarks>
/// <param name="sent">All that the workers ever sent to the real server with that number.</param>
internal sealed class ServiceStatistics(Func<ushort, TrafficCounts> sent)
{
    private readonly Dictionary<ushort, Meter> _reals = [];
    private readonly Dictionary<ServiceEntry, RateEstimator> _services = [];

    /// <summary>To be called every <see cref="RateEstimator.Seconds"/> seconds.</summary>
    internal void Estimate(IReadOnlyCollection<ServiceEntry> services)
    {
        foreach (ServiceEntry service in services)
        {
            TrafficCounts all = default;
            foreach (RealServerEntry real in service.Everybody)
            {
                all += MeterOf(real).Estimate(sent(real.Number));
            }

            RateOf(service).Add(all);
        }
    }

    /// <summary>ipvsadm -Z for one service: counts and rates begin anew.</summary>
    internal void Zero(ServiceEntry service)
    {
        RateOf(service).Reset();
        foreach (RealServerEntry real in service.Everybody)
        {
            MeterOf(real).Zero(sent(real.Number));
        }
    }

    /// <summary>Of a real server, since it was last zeroed.</summary>
    internal TrafficCounts Counts(RealServerEntry real) => sent(real.Number) - MeterOf(real).Base;

    /// <summary>Of all its real servers.</summary>
    internal TrafficCounts Counts(ServiceEntry service)
    {
        TrafficCounts all = default;
        foreach (RealServerEntry real in service.Everybody)
        {
            all += Counts(real);
        }

        return all;
    }

    /// <summary>Per second.</summary>
    internal TrafficCounts Rates(RealServerEntry real) => MeterOf(real).PerSecond;

    /// <summary>Per second: its own estimate, which rounding may set apart from the sum of its real servers'.</summary>
    internal TrafficCounts Rates(ServiceEntry service) => RateOf(service).PerSecond;

    private Meter MeterOf(RealServerEntry real)
    {
        if (!_reals.TryGetValue(real.Number, out Meter? meter))
        {
            meter = new Meter();
            _reals.Add(real.Number, meter);
        }

        return meter;
    }

    private RateEstimator RateOf(ServiceEntry service)
    {
        if (!_services.TryGetValue(service, out RateEstimator? rate))
        {
            rate = new RateEstimator();
            _services.Add(service, rate);
        }

        return rate;
    }

    private sealed class Meter
    {
        private readonly RateEstimator _rate = new();
        private TrafficCounts _last;

        internal TrafficCounts Base { get; private set; }

        internal TrafficCounts PerSecond => _rate.PerSecond;

        /// <summary>Returns what came since the last time.</summary>
        internal TrafficCounts Estimate(TrafficCounts now)
        {
            TrafficCounts came = now - _last;
            _last = now;
            _rate.Add(came);
            return came;
        }

        internal void Zero(TrafficCounts now)
        {
            (Base, _last) = (now, now);
            _rate.Reset();
        }
    }
}
