using System;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Knows which keywords have secrets behind them, and covers those up.</summary>
internal static class Secrets
{
    private const char Cover = '*';

    /// <summary>Whether what stands behind the keyword is secret.</summary>
    public static bool IsSecret(string block, string keyword) =>
        (block, keyword) is ("authentication", "auth_pass") or ("SSL", "password") or ("auth_hmac", "key");

    /// <summary>
    /// A line of a file as it may be shown: what stands behind a secret's keyword, or one that looks like it, is
    /// covered, a character by an asterisk, so that places in the line stay where they are.
    /// </summary>
    public static string Hide(string line)
    {
        var shown = new StringBuilder(line);
        bool isSecret = false;
        for (int at = 0; at < line.Length;)
        {
            if (char.IsWhiteSpace(line[at]) || line[at] is '{' or '}')
            {
                isSecret &= line[at] is not '}';
                at++;
                continue;
            }

            int end = at;
            while (end < line.Length && !char.IsWhiteSpace(line[end]) && line[end] is not ('{' or '}'))
            {
                end++;
            }

            if (isSecret)
            {
                shown.Remove(at, end - at).Insert(at, new string(Cover, end - at));
            }

            isSecret |= LooksSecret(line[at..end].Trim('"'));
            at = end;
        }

        return shown.ToString();
    }

    private static bool LooksSecret(string word) =>
        word is "auth_pass" or "password" or "key"
        || (word.Length > 4 && Spelling.Nearest(word, ["auth_pass", "password"]) is not null)
        || word.StartsWith("auth_pass", StringComparison.OrdinalIgnoreCase);
}
