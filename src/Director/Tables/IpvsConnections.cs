using System;
using System.Globalization;
using System.IO;
using System.Net;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Prints connections as ipvsadm -Lc does, from the daemon's lines.</summary>
/// <remarks>ipvsadm 1.31, list_conn and print_conn.</remarks>
internal static class IpvsConnections
{
    private const int Fields = 9;

    /// <summary>Writes the title.</summary>
    internal static void WriteTitle(TextWriter output, IpvsFormat format)
    {
        output.Write("IPVS connection entries\n");
        output.Write("pro expire state       source             virtual            destination");
        output.Write((format & IpvsFormat.PersistentConnections) != 0 ? "        pe name          pe_data\n" : "\n");
    }

    /// <summary>Writes one row for each line of a page of <see cref="IpvsSnapshot.Connections"/>.</summary>
    /// <returns>Where the next page begins; 0 after the last.</returns>
    /// <exception cref="FormatException">That is no such page.</exception>
    internal static int WritePage(TextWriter output, string page, IpvsNames names)
    {
        int end = page.IndexOf('\n', StringComparison.Ordinal);
        ReadOnlySpan<char> lines = page.AsSpan(end + 1);
        Span<Range> fields = stackalloc Range[Fields + 1];
        foreach (ReadOnlySpan<char> line in lines.EnumerateLines())
        {
            if (line.Split(fields, ' ') == Fields)
            {
                WriteRow(output, line, fields, names);
            }
        }

        return int.Parse(page.AsSpan(0, Math.Max(end, 0)), CultureInfo.InvariantCulture);
    }

    private static void WriteRow(TextWriter output, ReadOnlySpan<char> line, Span<Range> fields, IpvsNames names)
    {
        string protocol = line[fields[0]].ToString();
        byte number = protocol switch { "TCP" => 6, "UDP" => 17, "SCTP" => 132, _ => 0 };
        uint left = uint.Parse(line[fields[8]], CultureInfo.InvariantCulture);
        string source = EndPoint(line[fields[1]], line[fields[2]], number, names);
        string target = EndPoint(line[fields[3]], line[fields[4]], number, names);
        string real = EndPoint(line[fields[5]], line[fields[6]], number, names);
        string expire = string.Create(CultureInfo.InvariantCulture, $"{left / 60:00}:{left % 60:00}");
        output.Write($"{protocol,-3} {expire,-6} {line[fields[7]],-11} {source,-18} {target,-18} {real}\n");
    }

    private static string EndPoint(ReadOnlySpan<char> address, ReadOnlySpan<char> port, byte protocol, IpvsNames names)
    {
        _ = IPAddress.TryParse(address, out IPAddress? parsed);
        ushort number = ushort.Parse(port, CultureInfo.InvariantCulture);
        return names.EndPoint(IpAddress.From(parsed ?? IPAddress.Any), number, protocol);
    }
}
