using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Reads the blocks <c>track_…</c> of instances and groups.</summary>
internal static class TrackReader
{
    private const int WeightMax = 253, FileWeightMax = 254;

    private static readonly string[] AfterName = ["weight", "reverse", "noreverse", "no_reverse"];

    /// <summary>All that a block tracks in blocks inside it; what names nothing is reported and left out.</summary>
    public static ImmutableArray<Track> ReadAll(Block body, Definitions definitions, Reporter report)
    {
        ImmutableArray<Track>.Builder tracks = ImmutableArray.CreateBuilder<Track>();
        foreach (Statement block in body.Statements.Where(statement => statement.Body is not null))
        {
            if (KindOf(block.Keyword) is not { } kind)
            {
                continue;
            }

            foreach (Statement line in block.Body!.Statements.Where(line => !line.Words.IsEmpty))
            {
                if (Read(line, kind, definitions, report) is { } track)
                {
                    tracks.Add(track);
                }
            }
        }

        return tracks.ToImmutable();
    }

    private static TrackKind? KindOf(string keyword) => keyword switch
    {
        "track_interface" => TrackKind.Interface,
        "track_script" => TrackKind.Script,
        "track_file" => TrackKind.File,
        "track_process" => TrackKind.Process,
        "track_bfd" => TrackKind.Bfd,
        _ => null,
    };

    private static Track? Read(Statement line, TrackKind kind, Definitions definitions, Reporter report)
    {
        Word name = line.Words[0];
        if (definitions.LeftOut.Contains((kind, name.Text)))
        {
            report.Warning(name, $"{Reporter.Quote(name.Text)} was left out, here too");
            return null;
        }

        if (!definitions.TryFind(kind, name.Text, out (int Weight, bool Reverse) defaults))
        {
            string block = kind switch
            {
                TrackKind.Script => "vrrp_script",
                TrackKind.File => "track_file",
                TrackKind.Process => "vrrp_track_process",
                _ => "bfd_instance",
            };
            report.Error(
                name,
                $"there is no {block} {Reporter.Quote(name.Text)}",
                Spelling.Nearest(name.Text, definitions.NamesOf(kind)));
            return null;
        }

        if (kind == TrackKind.Interface && !VrrpReader.IsInterfaceName(name, report))
        {
            return null;
        }

        var track = new Track(kind, name.Text, defaults.Weight, defaults.Reverse, report.Span(name));
        for (int i = 1; i < line.Words.Length; i++)
        {
            Word word = line.Words[i];
            switch (word.Text)
            {
                case "reverse":
                    track = track with { Reverse = true };
                    break;
                case "noreverse" or "no_reverse":
                    track = track with { Reverse = false };
                    break;
                case "weight" when i + 1 < line.Words.Length:
                    i++;
                    int max = kind is TrackKind.File or TrackKind.Process ? FileWeightMax : WeightMax;
                    track = report.TryNumber("weight", line.Words[i], -max, max, out int weight)
                        ? track with { Weight = weight }
                        : track;
                    break;
                default:
                    string problem = word.Text == "weight" ? "lacks its value" : "is none of weight and reverse";
                    report.Error(
                        word,
                        $"{Reporter.Quote(word.Text)} {problem}; the rest of the line is ignored",
                        Spelling.Nearest(word.Text, AfterName));
                    return track;
            }
        }

        return track;
    }
}
