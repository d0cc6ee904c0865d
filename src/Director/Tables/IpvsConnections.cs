using System;
using System.Globalization;
using System.IO;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Prints connections as ipvsadm -Lc does, from the daemon's lines.</summary>
/// <remarks>ipvsadm 1.31, list_conn and print_conn.</remarks>
internal static class IpvsConnections
{
    private const int Fields = 9;

    /// <summary>
    /// Writes the title and one row for each line of <see cref="IpvsSnapshot.Connections"/>; a line that is none is
    /// left out.
    /// </summary>
    internal static void Write(TextWriter output, string lines, IpvsFormat format, IpvsNames names)
    {
        output.Write("IPVS connection entries\n");
        output.Write((format & IpvsFormat.PersistentConnections) != 0
            ? "pro expire state       source             virtual            destination        pe name          pe_data\n"
            : "pro expire state       source             virtual            destination\n");
        Span<Range> fields = stackalloc Range[Fields + 1];
        foreach (ReadOnlySpan<char> line in lines.AsSpan().EnumerateLines())
        {
            if (line.Split(fields, ' ') == Fields)
            {
                WriteRow(output, line, fields, names);
            }
        }
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
        _ = IpAddress.TryParse(address.ToString(), out IpAddress parsed);
        return names.EndPoint(parsed, ushort.Parse(port, CultureInfo.InvariantCulture), protocol);
    }
}
