using System;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>The keywords of a virtual server that keep a client on one real server.</summary>
internal static class PersistenceRules
{
    private const int Ipv4Bits = 32, Ipv6Bits = 128;

    /// <summary>What <c>persistence_timeout</c> alone means.</summary>
    public static readonly TimeSpan BareTimeout = TimeSpan.FromSeconds(360);

    /// <summary>The rules.</summary>
    public static Rule<VirtualServerDraft>[] All { get; } =
    [
        new("persistence_timeout", false, Timeout),
        new("persistence_granularity", false, Granularity),
    ];

    /// <summary>How long a client sticks; null: not at all. A service for all ports cannot be without.</summary>
    public static TimeSpan? TimeoutOf(VirtualServerDraft draft, Word header, Reporter report)
    {
        TimeSpan? written = draft.PersistenceTimeout ?? (draft.PersistenceMask is null ? null : BareTimeout);
        TimeSpan? timeout = draft.IsPersistenceOff ? null : written;
        if (timeout is null && draft.Port == 0)
        {
            report.Error(
                header,
                "a virtual server for all ports (0) must be persistent, or the connections of one client part; "
                + "'persistence_timeout 360' is taken");
            timeout = BareTimeout;
        }

        return timeout;
    }

    /// <summary>The mask that makes addresses one client; all ones unless written.</summary>
    public static IPAddress MaskOf(VirtualServerDraft draft, IPAddress service) =>
        draft.PersistenceMask ?? Mask(service.AddressFamily == AddressFamily.InterNetworkV6 ? Ipv6Bits : Ipv4Bits,
            service.AddressFamily);

    private static void Timeout(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.IsPersistenceOff = false;
        if (statement.Words.Length == 1)
        {
            draft.PersistenceTimeout = BareTimeout;
        }
        else if (statement.Words[1].Text == "0")
        {
            draft.IsPersistenceOff = true;
            report.Error(
                statement.Words[1],
                $"persistence_timeout takes 1 to {Values.SecondsMax} seconds; 0 is taken as off: remove the line");
        }
        else if (report.TryNumber(statement, 1, Values.SecondsMax, out int seconds))
        {
            draft.PersistenceTimeout = TimeSpan.FromSeconds(seconds);
        }
    }

    private static void Granularity(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        bool isIpv6 = draft.Address?.AddressFamily == AddressFamily.InterNetworkV6;
        string expected = isIpv6 ? "a prefix length, 1 to 128" : "a netmask or a prefix length, 1 to 32";
        if (!report.TryWord(statement, expected, out Word word))
        {
            return;
        }

        int bits = isIpv6 ? Ipv6Bits : Ipv4Bits;
        if (!word.Text.Contains('.', StringComparison.Ordinal))
        {
            draft.PersistenceMask = report.TryNumber(statement, 1, bits, out int length)
                ? Mask(length, isIpv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
                : draft.PersistenceMask;
        }
        else if (isIpv6)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not {expected}, as IPv6 needs it");
        }
        else if (!Ipv4Address.TryParse(word.Text, out Ipv4Address mask))
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not {expected}");
        }
        else
        {
            draft.PersistenceMask = mask.ToIPAddress();
            Doubt(word, mask, report);
        }
    }

    /// <summary>IPVS takes every mask, and so do we; these two are hardly ever meant.</summary>
    private static void Doubt(Word word, Ipv4Address mask, Reporter report)
    {
        if (mask.Value == 0)
        {
            report.Warning(word, "with this mask all clients count as one: all go to one real server");
        }
        else if (!mask.IsNetmask)
        {
            report.Warning(word, $"{Reporter.Quote(word.Text)} has gaps; clients are told apart by just these bits");
        }
    }

    private static IPAddress Mask(int length, AddressFamily family)
    {
        if (family == AddressFamily.InterNetwork)
        {
            return Ipv4Address.Mask(length).ToIPAddress();
        }

        Span<byte> octets = stackalloc byte[Ipv6Bits / 8];
        octets.Clear();
        octets[..(length / 8)].Fill(byte.MaxValue);
        if (length % 8 > 0)
        {
            octets[length / 8] = (byte)(byte.MaxValue << (8 - (length % 8)));
        }

        return new IPAddress(octets);
    }
}
