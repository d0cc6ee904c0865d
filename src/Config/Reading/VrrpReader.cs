using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>A <c>vrrp_instance</c> while it is being read.</summary>
internal sealed class VrrpDraft
{
    public VrrpInitialState State { get; set; } = VrrpInitialState.Backup;

    public string? Interface { get; set; }

    public int? VirtualRouterId { get; set; }

    public int? Priority { get; set; }

    /// <summary>A priority was written but cannot be used.</summary>
    public bool HasBadPriority { get; set; }

    public int? Version { get; set; }

    public TimeSpan AdvertInterval { get; set; } = TimeSpan.FromSeconds(1);

    public bool HasAuthType { get; set; }

    public ImmutableArray<byte> Password { get; set; } = [];

    public List<VirtualAddressDraft> Addresses { get; } = [];

    public List<VirtualAddressDraft> Excluded { get; } = [];

    public bool Preempt { get; set; } = true;

    public TimeSpan PreemptDelay { get; set; }

    public TimeSpan? GarpMasterDelay { get; set; }

    public int? GarpMasterRepeat { get; set; }

    /// <summary>Keywords that were written, but misspelt or in a way that is not supported.</summary>
    public HashSet<string> NotUnderstood { get; } = [];

    /// <summary>Something was reported that the instance must not run with.</summary>
    public bool IsLeftOut { get; set; }
}

/// <summary>Reads the keywords of <c>vrrp_instance</c>.</summary>
internal static class VrrpReader
{
    public const int PasswordLength = 8;

    private const int InterfaceNameLengthMax = 15;

    /// <summary>The keywords of the block.</summary>
    public static Grammar<VrrpDraft> Grammar { get; } = new(
        "vrrp_instance",
        new("state", false, State),
        new("interface", false, Interface),
        new("virtual_router_id", false, VirtualRouterId),
        new("priority", false, Priority),
        new("advert_int", false, AdvertInterval),
        new("version", false, Version),
        new("authentication", true, Authentication),
        new("virtual_ipaddress", true, (draft, block, report) => AddAll(draft.Addresses, block, report)),
        new("virtual_ipaddress_excluded", true, (draft, block, report) => AddAll(draft.Excluded, block, report)),
        new("nopreempt", false, (draft, _, _) => draft.Preempt = false),
        new("preempt", false, (draft, _, _) => draft.Preempt = true),
        new("preempt_delay", false, PreemptDelay),
        new("garp_master_delay", false, GarpMasterDelay),
        new("garp_master_repeat", false, GarpMasterRepeat));

    /// <summary>The keywords of the block inside it.</summary>
    public static Grammar<VrrpDraft> AuthenticationGrammar { get; } = new(
        "authentication",
        new("auth_type", false, AuthType),
        new("auth_pass", false, AuthPass));

    /// <summary>Whether the name can be that of a network interface; if not, it has been reported.</summary>
    public static bool IsInterfaceName(Word name, Reporter report)
    {
        bool fits = name.Text.Length is > 0 and <= InterfaceNameLengthMax && !name.Text.Contains('/');
        if (!fits)
        {
            report.Error(
                name, $"{Reporter.Quote(name.Text)} is not the name of an interface: 1 to 15 characters, no '/'");
        }

        return fits;
    }

    private static void State(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "MASTER or BACKUP", out Word state))
        {
            return;
        }

        draft.State = state.Text == "MASTER" ? VrrpInitialState.Master : VrrpInitialState.Backup;
        if (state.Text is not ("MASTER" or "BACKUP"))
        {
            string? nearest = Spelling.Nearest(state.Text, ["MASTER", "BACKUP"]);
            report.Error(state, $"{Reporter.Quote(state.Text)} is neither MASTER nor BACKUP; BACKUP is taken", nearest);
        }
    }

    private static void Interface(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "the name of a network interface", out Word name)
            || !IsInterfaceName(name, report))
        {
            return;
        }

        if (name.Text == "lo")
        {
            report.Error(name, "VRRP cannot run on 'lo'; the instance is left out");
            return;
        }

        draft.Interface = name.Text;
    }

    private static void VirtualRouterId(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 1, 255, out int id))
        {
            draft.VirtualRouterId = id;
        }
    }

    private static void Priority(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 1, 255, out int priority))
        {
            draft.Priority = priority;
        }
        else
        {
            draft.HasBadPriority = true;
        }
    }

    private static void AdvertInterval(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "whole seconds, 1 to 255", out Word word))
        {
            return;
        }

        bool isNumber = Values.TryParseSeconds(word.Text, out TimeSpan time);
        if (!isNumber || time == TimeSpan.Zero || time > TimeSpan.FromSeconds(255))
        {
            string problem = isNumber ? "is outside the range of" : "is not a number for";
            report.Error(word, $"{Reporter.Quote(word.Text)} {problem} advert_int: whole seconds, 1 to 255");
            return;
        }

        long half = TimeSpan.TicksPerSecond / 2;
        var rounded = TimeSpan.FromSeconds(Math.Max(1, (time.Ticks + half) / TimeSpan.TicksPerSecond));
        if (rounded != time)
        {
            report.Error(word, $"VRRPv2 sends adverts in whole seconds, 1 to 255: {rounded.TotalSeconds} is taken");
        }

        draft.AdvertInterval = rounded;
    }

    private static void Version(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryNumber(statement, 2, 3, out int version))
        {
            return;
        }

        draft.Version = version;
        if (version == 3)
        {
            report.Error(statement.Words[1], "VRRPv3 is not supported yet; the instance is left out");
        }
    }

    private static void Authentication(VrrpDraft draft, Statement statement, Reporter report)
    {
        AuthenticationGrammar.Read(statement.Body!, draft, report);
        if (!draft.Password.IsEmpty && !draft.HasAuthType && !statement.Body!.Mentions("auth_type"))
        {
            report.Error(statement.Words[0], "there is no 'auth_type PASS', so nothing is authenticated");
        }
        else if (draft.HasAuthType && draft.Password.IsEmpty && !statement.Body!.Mentions("auth_pass"))
        {
            report.Error(statement.Words[0], "there is no 'auth_pass', so nothing is authenticated");
        }

        draft.Password = draft.HasAuthType ? draft.Password : [];
    }

    private static void AuthType(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "PASS", out Word type))
        {
            draft.IsLeftOut = true;
            return;
        }

        draft.HasAuthType = type.Text == "PASS";
        if (draft.HasAuthType)
        {
            return;
        }

        draft.IsLeftOut = true; // without it, this router and its peer would not hear each other: two masters
        string problem = type.Text == "AH" ? "is not supported yet, use PASS" : "is not known, use PASS";
        string? nearest = type.Text == "AH" ? null : Spelling.Nearest(type.Text, ["PASS"]);
        report.Error(type, $"auth_type {Reporter.Quote(type.Text)} {problem}; the instance is left out", nearest);
    }

    private static void AuthPass(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a password of up to 8 octets", out Word password))
        {
            return;
        }

        byte[] octets = Encoding.UTF8.GetBytes(password.Text);
        if (octets.Length > PasswordLength)
        {
            report.Error(password, "a VRRPv2 password has 8 octets; the first 8 are taken");
        }

        if (password.IsCut)
        {
            report.Notice(
                password, "'!' and '#' start a comment even inside a word: the password ends here; use double quotes");
        }

        if (octets.Length == 0)
        {
            report.Error(password, "an empty password authenticates nothing");
            return;
        }

        byte[] padded = new byte[PasswordLength];
        octets.AsSpan(0, Math.Min(octets.Length, PasswordLength)).CopyTo(padded);
        draft.Password = [.. padded];
    }

    private static void PreemptDelay(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (report.TryTimerOrZero(statement, out TimeSpan delay, secondsMax: 1000))
        {
            draft.PreemptDelay = delay;
        }
    }

    private static void GarpMasterDelay(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (report.TryTimerOrZero(statement, out TimeSpan delay))
        {
            draft.GarpMasterDelay = delay;
        }
    }

    private static void GarpMasterRepeat(VrrpDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 1, ushort.MaxValue, out int repeat))
        {
            draft.GarpMasterRepeat = repeat;
        }
    }

    private static void AddAll(List<VirtualAddressDraft> addresses, Statement block, Reporter report) =>
        addresses.AddRange(block.Body!.Statements
            .Select(line => VirtualAddressReader.Read(line, report))
            .OfType<VirtualAddressDraft>());
}
