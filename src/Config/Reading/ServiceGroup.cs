using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>One <c>virtual_server_group</c>: addresses and ports that have their servers in common.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">Its members, all of one family, ranges spread out.</param>
internal sealed record ServiceGroup(string Name, ImmutableArray<(IPAddress Address, ushort Port)> Members)
{
    /// <summary>The service of the first member, once for each of them: ports go with their member in DR.</summary>
    public IEnumerable<VirtualServer> Expand(VirtualServer first) => Members.Select(member => first with
    {
        Address = member.Address,
        Port = member.Port,
        SorryServer = first.SorryServer is { } sorry ? sorry with { Port = member.Port } : null,
        PersistenceTimeout = first.PersistenceTimeout
            ?? (member.Port == 0 ? PersistenceRules.BareTimeout : null),
        RealServers = member.Port == first.Port
            ? first.RealServers
            : [.. first.RealServers.Select(server => server with { Port = member.Port })],
    });
}

/// <summary>Reads <c>virtual_server_group</c>.</summary>
internal static class ServiceGroupReader
{
    private const int MembersMax = 4096;

    /// <summary>The groups by name.</summary>
    public static Dictionary<string, ServiceGroup> ReadAll(IEnumerable<Statement> blocks, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, _) => new ServiceGroup(name, Members(block, report)))
            .ToDictionary(group => group.Name);

    private static ImmutableArray<(IPAddress Address, ushort Port)> Members(Statement block, Reporter report)
    {
        var members = new List<(IPAddress Address, ushort Port)>();
        foreach (Statement line in block.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            if (line.Keyword == "fwmark")
            {
                report.Error(line.Header(2), VirtualServerReader.FwmarkRefused("'fwmark'"));
                continue;
            }

            ushort port = 0;
            if (!TryRange(line.Words[0], report, out IPAddress first, out int count)
                || (line.Words.Length > 1 && !report.TryPortOrZero(line.Words[1], out port)))
            {
                continue;
            }

            if (members.Count > 0 && members[0].Address.AddressFamily != first.AddressFamily)
            {
                report.Error(line.Words[0], $"{first} is {first.Family()}, unlike the group's first; it is left out");
            }
            else if (members.Count + count > MembersMax)
            {
                report.Error(line.Words[0], $"a group has {MembersMax} addresses at most; these are left out");
            }
            else
            {
                members.AddRange(Enumerable.Range(0, count).Select(step => (Plus(first, step), port)));
            }
        }

        return [.. members.Distinct()];
    }

    /// <summary>
    /// <c>ADDRESS</c>, <c>ADDRESS-LAST</c> with the last octet, for IPv6 the last group, of the last address, or
    /// <c>ADDRESS/LENGTH</c>: all hosts of that network.
    /// </summary>
    private static bool TryRange(Word word, Reporter report, out IPAddress first, out int count)
    {
        count = 1;
        int at = word.Text.IndexOfAny(['-', '/']);
        Word start = at < 0 ? word : word with { Text = word.Text[..at] };
        if (!report.TryIpHost(start, out first) || at < 0)
        {
            return at < 0 && !first.Equals(IPAddress.None);
        }

        bool isIpv6 = first.AddressFamily == AddressFamily.InterNetworkV6;
        string rest = word.Text[(at + 1)..];
        if (word.Text[at] == '/')
        {
            return TryNetwork(word with { Text = rest }, report, ref first, out count);
        }

        int lowest = Last(first);
        bool isNumber = int.TryParse(
            rest,
            isIpv6 ? System.Globalization.NumberStyles.AllowHexSpecifier : System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out int highest);
        if (!isNumber || highest > (isIpv6 ? ushort.MaxValue : byte.MaxValue) || highest < lowest)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a range: its end is not above its beginning");
            return false;
        }

        count = highest - lowest + 1;
        return true;
    }

    private static bool TryNetwork(Word length, Reporter report, ref IPAddress first, out int count)
    {
        int bits = first.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32;
        count = 0;
        if (!report.TryNumber("a prefix length of a group", length, bits - 12, bits, out int prefix))
        {
            return false;
        }

        int size = 1 << (bits - prefix);
        byte[] octets = first.GetAddressBytes();
        int low = ((octets[^2] << 8) | octets[^1]) & ~(size - 1);
        (octets[^2], octets[^1]) = ((byte)(low >> 8), (byte)low);
        bool hasHosts = bits == 32 && size > 2; // neither the network's own address nor its broadcast address
        first = hasHosts ? Plus(new IPAddress(octets), 1) : new IPAddress(octets);
        count = hasHosts ? size - 2 : size;
        return true;
    }

    private static int Last(IPAddress address)
    {
        byte[] octets = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? (octets[^2] << 8) | octets[^1] : octets[^1];
    }

    private static IPAddress Plus(IPAddress address, int step)
    {
        byte[] octets = address.GetAddressBytes();
        int low = ((octets[^2] << 8) | octets[^1]) + step;
        (octets[^2], octets[^1]) = ((byte)(low >> 8), (byte)low);
        return new IPAddress(octets);
    }
}
