using System;
using System.Collections.Generic;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The kernel's list of a service's destinations, with its two round robins, written down plainly.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs: ip_vs_ctl.c puts a new destination at the head of the list; ip_vs_rr.c and ip_vs_wrr.c
/// walk it from head to tail, the head itself being no destination.
/// </remarks>
internal sealed class KernelLists
{
    private readonly List<(ushort Number, int Weight)> _list = []; // head first
    private readonly HashSet<ushort> _overloaded = []; // IP_VS_DEST_F_OVERLOAD
    private int _rrMark = -1; // sched_data: index of the last choice, -1 for the head
    private int _wrrMark = -1, _currentWeight, _maxWeight, _divisor;

    internal void Add(ushort number, int weight)
    {
        _list.Insert(0, (number, weight));
        _rrMark += _rrMark >= 0 ? 1 : 0;
        Changed();
    }

    /// <summary>ip_vs_rr_del_dest: a mark on the one that leaves moves to the one before it.</summary>
    internal void Remove(ushort number)
    {
        int at = _list.FindIndex(entry => entry.Number == number);
        _list.RemoveAt(at);
        _rrMark -= _rrMark >= at ? 1 : 0;
        Changed();
    }

    internal void SetWeight(ushort number, int weight)
    {
        _list[_list.FindIndex(entry => entry.Number == number)] = (number, weight);
        Changed();
    }

    internal void SetOverloaded(ushort number, bool isOverloaded)
    {
        _overloaded.Remove(number);
        if (isOverloaded)
        {
            _overloaded.Add(number);
        }
    }

    /// <summary>ip_vs_rr_schedule: two passes at most, the second up to the head.</summary>
    internal int RoundRobin()
    {
        int at = _rrMark;
        for (int steps = 0; steps < _list.Count; steps++)
        {
            at = at + 1 == _list.Count ? 0 : at + 1;
            if (_list[at].Weight > 0 && !_overloaded.Contains(_list[at].Number))
            {
                _rrMark = at;
                return _list[at].Number;
            }
        }

        return -1;
    }

    /// <summary>ip_vs_wrr_schedule: round by round, until everybody was asked in the last round.</summary>
    internal int WeightedRoundRobin()
    {
        int last = _wrrMark, stop = int.MaxValue;
        bool lastPass = false, restarted = false;
        while (_maxWeight > 0)
        {
            for (int at = _wrrMark + 1; at < _list.Count; at++)
            {
                _wrrMark = at;
                if (_list[at].Weight >= _currentWeight && !_overloaded.Contains(_list[at].Number))
                {
                    return _list[at].Number;
                }

                if (at == stop)
                {
                    return -1;
                }
            }

            _wrrMark = -1;
            _currentWeight -= _divisor;
            if (_currentWeight <= 0)
            {
                _currentWeight = _maxWeight;
                if (lastPass || last == -1)
                {
                    return -1;
                }

                restarted = true;
            }

            lastPass = _currentWeight <= _divisor;
            stop = lastPass && restarted && last != -1 ? last : stop;
        }

        return -1;
    }

    /// <summary>
    /// ip_vs_wrr_dest_changed: back to the head; the threshold is fitted to the weights, but not raised.
    /// </summary>
    private void Changed()
    {
        (int greatest, int divisor) = (0, 0);
        foreach ((_, int weight) in _list)
        {
            greatest = Math.Max(greatest, weight);
            divisor = Divisor(weight, divisor);
        }

        _wrrMark = -1;
        _divisor = divisor == 0 ? 1 : divisor;
        _maxWeight = greatest - (_divisor - 1);
        if (_currentWeight > _maxWeight || _currentWeight == 0)
        {
            _currentWeight = _maxWeight;
        }
        else if (_divisor > 1)
        {
            _currentWeight = (_currentWeight / _divisor * _divisor) + 1;
        }
    }

    private static int Divisor(int a, int b) => a == 0 ? b : Divisor(b % a, a);
}
