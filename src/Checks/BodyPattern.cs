using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace XdpLvs.Checks;

/// <summary>What must, or must not, be in a page, as it is written.</summary>
/// <param name="Pattern">The pattern (regex).</param>
public sealed record PatternText(string Pattern)
{
    /// <summary>PCRE2's names of options (regex_options).</summary>
    public ValueList<string> Options { get; init; }

    /// <summary>Whether the page must not contain it (regex_no_match).</summary>
    public bool MustNotMatch { get; init; }

    /// <summary>A match begins at this octet of the body or later (regex_min_offset).</summary>
    public int OffsetMin { get; init; }

    /// <summary>A match begins at this octet of the body or earlier (regex_max_offset); null: anywhere.</summary>
    public int? OffsetMax { get; init; }
}

/// <summary>What must, or must not, be in a page, ready to be looked for.</summary>
/// <remarks>
/// keepalived takes PCRE2's language, this is .NET's: what only one of them knows is refused when it is made. Matching
/// takes time linear in the page; a pattern that needs backtracking (back-references, look-around) is bounded by
/// <see cref="MatchTimeMax"/> and fails then. Octets are compared as octets, unless the option utf says they are UTF-8.
/// </remarks>
public sealed class BodyPattern : IEquatable<BodyPattern>
{
    /// <summary>How long a pattern that backtracks may try.</summary>
    public static readonly TimeSpan MatchTimeMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Octets of a body that are looked at, from the least offset on.</summary>
    internal const int WindowOctetsMax = 64 * 1024;

    /// <summary>Octets before the least offset that look-behinds may see.</summary>
    internal const int LookBehindOctetsMax = 1024;

    private static readonly Dictionary<string, RegexOptions> Known = new()
    {
        ["caseless"] = RegexOptions.IgnoreCase,
        ["dotall"] = RegexOptions.Singleline,
        ["multiline"] = RegexOptions.Multiline,
        ["extended"] = RegexOptions.IgnorePatternWhitespace,
        ["no_auto_capture"] = RegexOptions.ExplicitCapture,
        ["no_start_optimize"] = RegexOptions.None, // how PCRE2 goes about it, not what it finds
        ["no_auto_possess"] = RegexOptions.None,
        ["no_dotstar_anchor"] = RegexOptions.None,
        ["never_utf"] = RegexOptions.None,
        ["never_ucp"] = RegexOptions.None,
        ["never_backslash_c"] = RegexOptions.None,
        ["anchored"] = RegexOptions.None, // see IsMatch
        ["utf"] = RegexOptions.None,
    };

    private readonly Regex _regex;
    private readonly bool _isUtf, _isAnchored;

    private BodyPattern(PatternText text, Regex regex)
    {
        Text = text;
        _regex = regex;
        _isUtf = text.Options.Contains("utf");
        _isAnchored = text.Options.Contains("anchored");
    }

    /// <summary>As it was written. Two patterns with equal texts are equal.</summary>
    public PatternText Text { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="text">As written.</param>
    /// <param name="made">The pattern.</param>
    /// <param name="error">Why it cannot be used.</param>
    public static bool TryMake(PatternText text, out BodyPattern? made, out string error)
    {
        made = null;
        if (text.Options.FirstOrDefault(option => !Known.ContainsKey(option)) is { } unknown)
        {
            error = $"regex option {unknown} is not supported";
            return false;
        }

        if (text.OffsetMin < 0 || text.OffsetMax - text.OffsetMin is < 0 or >= WindowOctetsMax)
        {
            error = $"regex: the offsets {text.OffsetMin} and {text.OffsetMax} leave nothing to look at, or more than "
                + $"{WindowOctetsMax} octets";
            return false;
        }

        bool isUtf = text.Options.Contains("utf");
        RegexOptions flags = text.Options.Aggregate(RegexOptions.CultureInvariant, (sum, each) => sum | Known[each]);
        string octets = isUtf ? text.Pattern : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text.Pattern));
        try
        {
            made = new BodyPattern(text, Compile(octets, flags));
            error = "";
            return true;
        }
        catch (ArgumentException wrong)
        {
            error = $"regex '{text.Pattern}': {wrong.Message}";
            return false;
        }
    }

    /// <summary>Whether a page is as wanted.</summary>
    /// <param name="body">A part of the body.</param>
    /// <param name="start">Which octet of the body that part begins with.</param>
    /// <param name="why">Why not.</param>
    public bool Accepts(ReadOnlySpan<byte> body, int start, out string why)
    {
        try
        {
            bool isThere = IsMatch(body, start);
            why = isThere ? "the pattern is in the page" : "the pattern is not in the page";
            return isThere != Text.MustNotMatch;
        }
        catch (RegexMatchTimeoutException)
        {
            why = $"the pattern takes more than {MatchTimeMax.TotalMilliseconds:0} ms";
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(BodyPattern? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BodyPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode();

    private static Regex Compile(string pattern, RegexOptions flags)
    {
        try
        {
            return new Regex(pattern, flags | RegexOptions.NonBacktracking, MatchTimeMax);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, flags, MatchTimeMax);
        }
    }

    private bool IsMatch(ReadOnlySpan<byte> body, int start)
    {
        int skip = Math.Max(Text.OffsetMin - start, 0);
        if (skip > body.Length)
        {
            return false;
        }

        Encoding encoding = _isUtf ? Encoding.UTF8 : Encoding.Latin1;
        int from = encoding.GetCharCount(body[..skip]);
        string page = encoding.GetString(body);
        Match match = _regex.Match(page, from);
        if (!match.Success || (_isAnchored && match.Index != from))
        {
            return false;
        }

        int at = start + skip + encoding.GetByteCount(page.AsSpan(from, match.Index - from));
        return Text.OffsetMax is not { } most || at <= most;
    }
}
