using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>Resident memory of a daemon that has just started, and of the same with a million flows in its table.
/// </summary>
internal static class ControlMemory
{
    private const uint Flows = 1_000_000;
    private const int PassesMax = 12;
    private const double PerSecond = 150_000;

    private static readonly TimeSpan Pass = TimeSpan.FromSeconds(30), Rest = TimeSpan.FromSeconds(1);

    /// <summary>Measures once.</summary>
    /// <param name="network">Where.</param>
    /// <param name="daemon">The executable.</param>
    /// <param name="words">Its options.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>MiB at the start and with all flows.</returns>
    internal static async Task<(double Empty, double Full)> MeasureAsync(
        LoadNetwork network, string daemon, string[] words, CancellationToken stop)
    {
        LoadDirector director = await LoadDirector.StartAsync(
            network.Director, daemon, LoadNetwork.Config, words, stop);
        await Task.Delay(Rest, stop);
        double empty = director.ResidentMib();
        var tally = new LoadTally((int)Flows);
        using var station = new LoadStation(
            network.Station, LoadNetwork.StationLink, network.Station, LoadNetwork.StationLink, tally);
        long known = 0;
        for (int pass = 0; pass < PassesMax && known < Flows; pass++)
        {
            await station.RunAsync(
                new LoadOrder(LoadNetwork.ToService, Flows, PerSecond, (int)Flows, Pass), stop);
            stop.ThrowIfCancellationRequested();
            known = Known(director);
        }

        double full = director.ResidentMib();
        await director.StopAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {string.Join(' ', words)}: {empty:0.0} MiB empty, {full:0.0} MiB with {known:#,0} flows"));
        return known >= Flows * 0.999
            ? (empty, full)
            : throw new InvalidDataException($"only {known} of {Flows} flows came into the table");
    }

    /// <summary>Connections that ipvsadm lists: the two last columns of every real server.</summary>
    private static long Known(LoadDirector director) => director.Ask("ipvsadm", "-Ln").Split('\n')
        .Where(line => line.TrimStart().StartsWith("-> 1", StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Sum(words => words[^2..].Sum(word => long.Parse(word, CultureInfo.InvariantCulture)));
}
