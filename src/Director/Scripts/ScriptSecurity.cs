using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Scripts;

/// <summary>What was found about a script before it may ever run.</summary>
/// <param name="Script">What to run, its path found; null when it must not run.</param>
/// <param name="IsInsecure">Somebody who is not root could make root execute what they like.</param>
/// <param name="Lines">What to tell the operator, in keepalived's words.</param>
internal readonly record struct ScriptFinding(Script? Script, bool IsInsecure, IReadOnlyList<string> Lines);

/// <summary>keepalived's rules of enable_script_security.</summary>
/// <remarks>
/// A script that root executes, or that is set-user-ID or set-group-ID root, is insecure if any component of its path
/// belongs to somebody else, or can be written by a group other than root's or by everybody; directories with the
/// sticky bit are excused. Stricter than keepalived in one point: both the path as written and the path behind its
/// symbolic links must be safe. keepalived: lib/notify.c, check_script_secure.
/// </remarks>
internal static class ScriptSecurity
{
    private const uint Root = 0;

    /// <summary>Looks at a script once, before its first run. Reads the file system; not for the VRRP thread.</summary>
    /// <param name="script">Its first word is a path, or a name to be looked up in PATH.</param>
    /// <param name="kind">"notify" or "track": what the operator calls it.</param>
    /// <param name="enforced">Whether enable_script_security is set: an insecure script then does not run.</param>
    internal static ScriptFinding Inspect(Script script, string kind, bool enforced)
    {
        List<string> lines = [];
        if (Locate(script, lines) is not { } located)
        {
            lines.Add($"Disabling {kind} script {script.Path} since not found/accessible");
            return new ScriptFinding(null, IsInsecure: false, lines);
        }

        if (FileOwnership.TryRead(located.Path, out FileOwnership file) != 0 || !file.IsRegular)
        {
            lines.Add($"Unable to access script `{located.Path}`");
            lines.Add($"Disabling {kind} script {located.Path} since not found/accessible");
            return new ScriptFinding(null, IsInsecure: false, lines);
        }

        if (!file.IsExecutableBy(script.User.UserId, script.User.GroupId))
        {
            lines.Add($"WARNING - script '{located.Path}' is not executable for uid:gid "
                + $"{script.User.UserId}:{script.User.GroupId}. Please fix.");
            lines.Add($"Disabling {kind} script {located.Path} since not found/accessible");
            return new ScriptFinding(null, IsInsecure: false, lines);
        }

        bool insecure = NeedsProtection(script.User, file) && !IsSafe(located.Path);
        if (insecure)
        {
            lines.Add($"Unsafe permissions found for script '{located.Path}'{(enforced ? " - disabling" : "")}.");
            lines.Add(enforced
                ? $"Disabling {kind} script {located.Path} due to insecure"
                : "SECURITY VIOLATION - scripts are being executed but script_security not enabled.");
        }

        return new ScriptFinding(insecure && enforced ? null : located, insecure, lines);
    }

    /// <summary>Whether nobody but root can change what this path leads to.</summary>
    internal static bool IsSafe(string path)
    {
        string? resolved = FileOwnership.Resolve(path);
        return resolved is not null && Components(path).Concat(Components(resolved)).All(IsRootsOwn);
    }

    private static bool NeedsProtection(ScriptUser user, in FileOwnership file) =>
        user.UserId == Root
        || user.GroupId == Root
        || (file.UserId == Root && file.IsSetUser)
        || (file.GroupId == Root && file.IsSetGroup);

    private static bool IsRootsOwn(string component)
    {
        if (FileOwnership.TryRead(component, out FileOwnership found) != 0 || found.UserId != Root)
        {
            return false;
        }

        bool isExcused = found.IsSticky && !found.IsRegular;
        return isExcused || !((found.GroupId != Root && found.IsGroupWritable) || found.IsWorldWritable);
    }

    /// <summary>"/", "/usr", "/usr/bin", … up to the path itself.</summary>
    private static IEnumerable<string> Components(string path)
    {
        for (string? each = path; !string.IsNullOrEmpty(each); each = Path.GetDirectoryName(each))
        {
            yield return each;
        }
    }

    private static Script? Locate(Script script, List<string> lines)
    {
        if (script.Path.Contains('/', StringComparison.Ordinal))
        {
            return Path.IsPathRooted(script.Path) ? script : null; // scripts run in "/", not where the daemon began
        }

        string folders = Environment.GetEnvironmentVariable("PATH") ?? "/bin:/usr/bin";
        foreach (string folder in folders.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string candidate = Path.Combine(folder, script.Path);
            if (FileOwnership.TryRead(candidate, out FileOwnership file) == 0
                && file.IsRegular
                && file.IsExecutableBy(script.User.UserId, script.User.GroupId))
            {
                lines.Add($"WARNING - script `{script.Path}` resolved by path search to `{candidate}`. "
                    + "Please specify full path.");
                return script with { Arguments = script.Arguments.SetItem(0, candidate) };
            }
        }

        lines.Add($"Cannot find script {script.Path} in path");
        return null;
    }
}
