using System.Net;

namespace XdpLvs.Config;

/// <summary>
/// Reads <c>lvs_sync_daemon INTERFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]</c>.
/// </summary>
internal static class SyncDaemonReader
{
    private static readonly string[] Names = ["inst", "id", "maxlen", "port", "ttl", "group"];

    public static void Read(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "the name of a network interface", out Word device)
            || !VrrpReader.IsInterfaceName(device, report))
        {
            return;
        }

        var daemon = new SyncDaemon(device.Text, null, 0, 0, 8848, 1, new IPAddress([224, 0, 0, 81]));
        int at = 2;
        if (statement.Words.Length > 2 && System.Array.IndexOf(Names, statement.Words[2].Text) < 0)
        {
            daemon = daemon with { Instance = statement.Words[2].Text };
            at = 3;
        }

        for (; at < statement.Words.Length; at += 2)
        {
            Word name = statement.Words[at];
            if (System.Array.IndexOf(Names, name.Text) < 0)
            {
                report.Error(
                    name,
                    $"{Reporter.Quote(name.Text)} is not an option of lvs_sync_daemon",
                    Spelling.Nearest(name.Text, Names));
                return;
            }

            if (at + 1 == statement.Words.Length)
            {
                report.Error(name, $"'{name.Text}' lacks its value");
                return;
            }

            daemon = Option(daemon, name.Text, statement.Words[at + 1], report);
        }

        draft.Model = draft.Model with { SyncDaemon = daemon };
    }

    private static SyncDaemon Option(SyncDaemon daemon, string name, Word value, Reporter report)
    {
        int number = 0;
        return name switch
        {
            "inst" => daemon with { Instance = value.Text },
            "id" => report.TryNumber(name, value, 0, 255, out number) ? daemon with { Id = (byte)number } : daemon,
            "maxlen" => report.TryNumber(name, value, 1, 65_507, out number)
                ? daemon with { LengthMax = number }
                : daemon,
            "port" => report.TryPort(value, out ushort port) ? daemon with { Port = port } : daemon,
            "ttl" => report.TryNumber(name, value, 1, 255, out number) ? daemon with { Ttl = (byte)number } : daemon,
            _ => report.TryMulticast(value, out IPAddress group) ? daemon with { Group = group } : daemon,
        };
    }
}
