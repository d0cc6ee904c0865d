using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>Instructions for each frame of one way, all that the machine executed.</summary>
/// <param name="Median">Of windows of 20 bursts.</param>
/// <param name="Lower">The quartile below.</param>
/// <param name="Upper">The quartile above.</param>
internal readonly record struct Spread(double Median, double Lower, double Upper);

/// <summary>What one boot of the guest measured: perf/guest/ipvs.sh's folder, read.</summary>
internal sealed class IpvsBoot
{
    private const long FramesPerWindow = 20 * 64;
    private const double GeneratorDriftMax = 0.005;

    private const string VethPrefix = "veth-";
    private const double VethLongLessShort = 270_336 - 8_192;

    private readonly Dictionary<string, Spread> _ways;
    private readonly Dictionary<string, double> _veth;

    private IpvsBoot(Dictionary<string, Spread> ways, Dictionary<string, double> veth)
    {
        _ways = ways;
        _veth = veth;
    }

    /// <summary>The generator alone: the mean of what it cost first and last.</summary>
    internal double Generator => (First + Last) / 2;

    /// <summary>What it cost before all else, and after.</summary>
    internal double First => _ways["generator-first"].Median;

    /// <inheritdoc cref="First"/>
    internal double Last => _ways["generator-last"].Median;

    /// <summary>Whether the generator cost the same at both ends; a boot where it did not says nothing.</summary>
    internal bool IsSteady => Math.Abs(First - Last) / Generator <= GeneratorDriftMax;

    /// <summary>Names of what was measured.</summary>
    internal IEnumerable<string> Ways => _ways.Keys;

    /// <summary>What a way executes for each frame, without the generator.</summary>
    internal double Net(string way) => _ways[way].Median - Generator;

    /// <summary>The same for frames that come by a veth.</summary>
    internal double VethNet(string way) => _veth[way] - _veth["alone"];

    /// <summary>The same with quartiles.</summary>
    internal Spread NetSpread(string way) => new(
        Net(way), _ways[way].Lower - Generator, _ways[way].Upper - Generator);

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InvalidDataException">A measurement is missing, or a way lost frames.</exception>
    internal static IpvsBoot Read(string folder)
    {
        var ways = new Dictionary<string, Spread>();
        IEnumerable<string> measured = File.ReadLines(Path.Combine(folder, "progress"))
            .Where(way => !way.StartsWith(VethPrefix, StringComparison.Ordinal));
        foreach (string way in measured)
        {
            double[] windows =
            [
                .. File.ReadLines(Path.Combine(folder, way + ".txt"))
                    .Where(line => line.StartsWith("window ", StringComparison.Ordinal))
                    .Select(line => double.Parse(line["window ".Length..], CultureInfo.InvariantCulture))
                    .Order(),
            ];
            ways[way] = windows.Length > 0
                ? new Spread(Figure.Median(windows), windows[windows.Length / 4], windows[windows.Length * 3 / 4])
                : throw new InvalidDataException($"{way}: no window was measured");
        }

        RequireDelivered(folder);
        RequireOffloaded(folder);
        return ways.ContainsKey("generator-last")
            ? new IpvsBoot(ways, ReadVeth(folder))
            : throw new InvalidDataException("the boot ended before its last measurement");
    }

    /// <summary>Lines "NAME SENT DELIVERED SHORT-CALL LONG-CALL": what a frame costs is how much longer the long call
    /// is.</summary>
    private static Dictionary<string, double> ReadVeth(string folder)
    {
        var veth = new Dictionary<string, double>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "veth.txt")))
        {
            string[] words = line.Split(' ');
            double[] numbers = [.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            veth[words[0]] = numbers[0] == numbers[1]
                ? (numbers[3] - numbers[2]) / VethLongLessShort
                : throw new InvalidDataException($"by veth, {words[0]}: {words[2]} of {words[1]} frames came through");
        }

        return veth;
    }

    /// <summary>
    /// The real server must have had all that was sent. What the NIC's full queue may have refused counts as not sent,
    /// and can arrive all the same.
    /// </summary>
    private static void RequireDelivered(string folder)
    {
        foreach (string line in File.ReadLines(Path.Combine(folder, "delivered.txt")))
        {
            string[] words = line.Split(' ');
            long sent = long.Parse(words[1], CultureInfo.InvariantCulture);
            long delivered = long.Parse(words[2], CultureInfo.InvariantCulture);
            if (delivered < sent)
            {
                throw new InvalidDataException(
                    $"{words[0]}: {delivered} of {sent} frames reached the real server, so its figure says nothing");
            }
        }
    }

    /// <summary>All that was measured must have been the program's, or it was user space that was measured.</summary>
    private static void RequireOffloaded(string folder)
    {
        const string counter = "  forwarded by the program";
        long measured = Directory.EnumerateFiles(folder, "offload-?-*.txt").Sum(file =>
            File.ReadLines(file).Count(line => line.StartsWith("window ", StringComparison.Ordinal)) * FramesPerWindow);
        long program = File.ReadLines(Path.Combine(folder, "offload-counters.txt"))
            .Where(line => line.StartsWith(counter, StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
        if (program < measured)
        {
            throw new InvalidDataException($"the program forwarded {program} of {measured} frames that were measured");
        }
    }
}
