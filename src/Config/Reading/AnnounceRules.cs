using System;

namespace XdpLvs.Config;

/// <summary>The keywords about gratuitous ARP that instances have and <c>global_defs</c> has defaults of.</summary>
internal static class AnnounceRules
{
    private const int ExtraSecondsMax = 86_400;

    /// <summary>The rules.</summary>
    /// <param name="prefix">What the keywords begin with: <c>vrrp_</c> in <c>global_defs</c>.</param>
    /// <param name="change">Changes the timing in the model.</param>
    public static Rule<Draft<TModel>>[] Of<TModel>(
        string prefix, Func<TModel, Func<AnnounceTiming, AnnounceTiming>, TModel> change)
    {
        Rule<Draft<TModel>> seconds(string keyword, Func<AnnounceTiming, TimeSpan, AnnounceTiming> set) =>
            Options<TModel>.Seconds(prefix + keyword, (model, time) => change(model, all => set(all, time)));
        Rule<Draft<TModel>> number(string keyword, Func<AnnounceTiming, int, AnnounceTiming> set) =>
            Options<TModel>.Number(
                prefix + keyword, 1, ushort.MaxValue, (model, count) => change(model, all => set(all, count)));
        void extra(Draft<TModel> draft, Statement statement, Reporter report)
        {
            bool isAll = statement.Words.Length > 2 && statement.Words[1].Text == "all";
            Statement seconds = isAll ? new Statement(statement.Words.RemoveAt(1)) : statement;
            if (report.TryTimerOrZero(seconds, out TimeSpan time, ExtraSecondsMax))
            {
                draft.Model = change(draft.Model, all => all with { ExtraInterfaces = time, ExtraOnAll = isAll });
            }
        }

        return
        [
            seconds("garp_master_delay", (all, time) => all with { MasterDelay = time }),
            number("garp_master_repeat", (all, count) => all with { MasterRepeat = count }),
            seconds("garp_master_refresh", (all, time) => all with { MasterRefresh = time }),
            number("garp_master_refresh_repeat", (all, count) => all with { MasterRefreshRepeat = count }),
            seconds("garp_lower_prio_delay", (all, time) => all with { LowerPriorityDelay = time }),
            number("garp_lower_prio_repeat", (all, count) => all with { LowerPriorityRepeat = count }),
            Options<TModel>.Any(prefix + "garp_extra_if", extra, words: 2),
            Options<TModel>.Any(prefix + "vmac_garp_intvl", extra, words: 2),
        ];
    }
}
