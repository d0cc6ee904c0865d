using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using XdpLvs.Config;

namespace XdpLvs.Director.Scripts;

/// <summary>
/// Turns the commands of a configuration into scripts that may run: finds their users, looks at their files, once each.
/// For the start of the daemon; one thread.
/// </summary>
/// <param name="settings">script_user and enable_script_security.</param>
/// <param name="say">Hears what the operator must know about users and files, each line once.</param>
internal sealed class ScriptDesk(ScriptSettings settings, Action<string> say)
{
    private readonly Dictionary<(string Line, string Kind), (Script? Script, string Why)> _known = [];
    private readonly HashSet<string> _said = [];
    private (ScriptUser? User, string Why)? _default;

    /// <summary>Whoever runs what names no user; the daemon's own user where script_user does not exist.</summary>
    internal ScriptUser DefaultUser => Default().User ?? ScriptUser.Own;

    /// <summary>Whether a command may run, and as what.</summary>
    /// <param name="command">As configured.</param>
    /// <param name="kind">"notify" or "misc": what the operator calls it.</param>
    /// <param name="script">What to run.</param>
    /// <param name="why">Why it must not.</param>
    internal bool TryAdmit(
        ScriptCommand command, string kind, [NotNullWhen(true)] out Script? script, out string why)
    {
        string line = $"{string.Join('\0', command.Words)}\0\0{command.User}\0{command.Group}";
        if (!_known.TryGetValue((line, kind), out (Script? Script, string Why) finding))
        {
            finding = Look(command, kind);
            _known.Add((line, kind), finding);
        }

        (script, why) = finding;
        return script is not null;
    }

    /// <summary>A command that may be missing, or must not run, which has been said then: null.</summary>
    internal Script? Admit(ScriptCommand? command, string kind) =>
        command is not null && TryAdmit(command, kind, out Script? script, out _) ? script : null;

    private (Script? Script, string Why) Look(ScriptCommand command, string kind)
    {
        (ScriptUser? user, string why) = command.User is { } name ? Find(name, command.Group) : Default();
        if (user is null)
        {
            Say($"Disabling {kind} script {command.Words[0]}: {why}");
            return (null, why);
        }

        ScriptFinding finding = ScriptSecurity.Inspect(new Script(command.Words, user), kind, settings.EnableSecurity);
        foreach (string line in finding.Lines)
        {
            Say(line);
        }

        return (finding.Script, finding.Script is null ? finding.Lines[^1] : "");
    }

    private (ScriptUser? User, string Why) Default() =>
        _default ??= settings.User is { } name ? Find(name, settings.Group) : (Usual(), "");

    private ScriptUser Usual()
    {
        ScriptUser usual = ScriptUser.Default(out string? warning);
        if (warning is not null)
        {
            Say(warning);
        }

        return usual;
    }

    private static (ScriptUser? User, string Why) Find(string name, string? group) =>
        ScriptUser.TryFind(name, group, out ScriptUser? found, out string? fault) ? (found, "") : (null, fault);

    private void Say(string line)
    {
        if (_said.Add(line))
        {
            say(line);
        }
    }
}
