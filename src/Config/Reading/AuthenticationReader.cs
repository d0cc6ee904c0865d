using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace XdpLvs.Config;

using On = Options<VrrpInstance>;

/// <summary>Reads <c>authentication</c> and <c>auth_hmac</c>. No message says a secret.</summary>
internal static class AuthenticationReader
{
    private const int PasswordLength = 8, KeyNumberMax = 255;

    /// <summary>The keywords of <c>authentication</c>.</summary>
    public static Grammar<Draft<VrrpInstance>> Grammar { get; } = new(
        "authentication",
        On.Any("auth_type", Type),
        On.Any("auth_pass", Password));

    /// <summary>The keywords of <c>auth_hmac</c>.</summary>
    public static Grammar<Draft<HmacSettings>> HmacGrammar { get; } = new(
        "auth_hmac",
        Options<HmacSettings>.Any("key", Key, words: 2),
        Options<HmacSettings>.Number("active_key", 0, KeyNumberMax, (all, id) => all with { ActiveKey = id }),
        Options<HmacSettings>.Seconds("time_window", (all, time) => all with { TimeWindow = time }),
        Options<HmacSettings>.Switch("anti_replay", (all, isOn) => all with { AntiReplay = isOn }),
        Options<HmacSettings>.Text("mode", "a word", (all, mode) => all with { Mode = mode }));

    /// <summary>Reads <c>authentication</c>.</summary>
    public static void Read(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        Grammar.Read(statement.Body!, draft, report);
        bool hasType = draft.Model.Authentication != VrrpAuthentication.None;
        if (!draft.Model.Password.IsEmpty && !hasType && !statement.Body!.Mentions("auth_type"))
        {
            report.Error(statement.Words[0], "there is no 'auth_type PASS', so nothing is authenticated");
        }
        else if (hasType && draft.Model.Password.IsEmpty && !statement.Body!.Mentions("auth_pass"))
        {
            report.Error(statement.Words[0], "there is no 'auth_pass', so nothing is authenticated");
        }

        draft.Model = draft.Model with { Password = hasType ? draft.Model.Password : [] };
    }

    /// <summary>Reads <c>auth_hmac</c>.</summary>
    public static void ReadHmac(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        HmacSettings hmac = Draft<HmacSettings>.Read(HmacGrammar, statement, new HmacSettings(), report).Model;
        if (hmac.Keys.IsEmpty)
        {
            report.Error(statement.Words[0], "there is no 'key', so nothing is authenticated");
        }

        draft.Model = draft.Model with { Hmac = hmac };
    }

    private static void Type(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "PASS", out Word type))
        {
            draft.IsLeftOut = true;
            return;
        }

        VrrpAuthentication kind = type.Text switch
        {
            "PASS" => VrrpAuthentication.Pass,
            "AH" => VrrpAuthentication.Ah,
            _ => VrrpAuthentication.None,
        };
        draft.Model = draft.Model with { Authentication = kind };
        const string leftOut = "; the instance is left out"; // else it and its peer would not hear each other
        if (kind == VrrpAuthentication.None)
        {
            draft.IsLeftOut = true;
            string? nearest = Spelling.Nearest(type.Text, ["PASS"]);
            report.Error(type, $"auth_type {Reporter.Quote(type.Text)} is not known, use PASS{leftOut}", nearest);
        }
        else if (kind == VrrpAuthentication.Ah)
        {
            draft.IsHeldBack |= Unwired.Report("authentication", "(AH)", type, "auth_type 'AH'", leftOut, report);
        }
    }

    private static void Password(Draft<VrrpInstance> draft, Statement statement, Reporter report)
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
            report.Warning(
                password, "'!' and '#' start a comment even inside a word: the password ends here; use double quotes");
        }

        if (octets.Length == 0)
        {
            report.Error(password, "an empty password authenticates nothing");
            return;
        }

        byte[] padded = new byte[PasswordLength];
        octets.AsSpan(0, Math.Min(octets.Length, PasswordLength)).CopyTo(padded);
        draft.Model = draft.Model with { Password = [.. padded] };
    }

    /// <summary><c>key [NUMBER] SECRET</c>: without a number the keys count from 0.</summary>
    private static void Key(Draft<HmacSettings> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a secret, or a number and a secret", out Word word))
        {
            return;
        }

        int id = draft.Model.Keys.Length;
        if (statement.Words.Length > 2)
        {
            if (!int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out id) || id > KeyNumberMax)
            {
                report.Error(word, $"the number of a key is from 0 to {KeyNumberMax}");
                return;
            }

            word = statement.Words[2];
        }

        ImmutableArray<(int Id, Secret Key)> keys = draft.Model.Keys.Add((id, new Secret(word.Text)));
        draft.Model = draft.Model with { Keys = keys };
    }
}
