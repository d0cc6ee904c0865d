using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Tests;

/// <summary>Services as tests speak of them.</summary>
internal static class Plans
{
    internal const uint Vip = 0xC0A80564, Youxi3 = 0xC0A80567, Youxi4 = 0xC0A80568;

    internal static readonly RealServerSettings Real = new(
        Youxi3, 80, Weight: 1, InhibitOnFailure: false, Checks: 1, StartsDown: false, Barred: null);

    internal static ServiceSettings Service(params RealServerSettings[] reals) => new(
        new ServiceKey(Vip, 80, 6), ServiceOptions.Default, "ens33", [.. reals]);

    internal static ImmutableArray<ServiceSettings> Web { get; } = [Service(Real, Real with { Address = Youxi4 })];

    internal static uint[] Listed(TableKeeper keeper) =>
        [.. keeper.Services[0].Listed.Select(real => real.Settings.Address.V4)];
}
