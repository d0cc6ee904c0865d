using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Director.Scripts;

/// <summary>A program to run, word by word. No shell sees it.</summary>
/// <param name="Arguments">The path, then its arguments; at least one word.</param>
/// <param name="User">As whom.</param>
internal sealed record Script(ImmutableArray<string> Arguments, ScriptUser User)
{
    private const string Setpriv = "/usr/bin/setpriv";
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What a script is told of the daemon's own environment, if it is set there.</summary>
    private static readonly string[] _passedOn = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

    /// <summary>The path of the program.</summary>
    internal string Path => Arguments[0];

    /// <summary>The same script with more words at its end.</summary>
    internal Script With(params ReadOnlySpan<string> more) => this with { Arguments = Arguments.AddRange(more) };

    /// <summary>
    /// What is executed. Where the user differs, setpriv of util-linux comes first: it sets group, further groups and
    /// user, in that order, and becomes the script.
    /// </summary>
    /// <remarks>
    /// Process of the runtime can change the user, but neither the group nor the session; a fork of managed code is
    /// unsound; and one thread that changes its own ids for a moment can be signalled by that user meanwhile.
    /// </remarks>
    internal IReadOnlyList<string> CommandLine() => User.IsOwn
        ? Arguments
        :
        [
            Setpriv,
            "--reuid", FormattableString.Invariant($"{User.UserId}"),
            "--regid", FormattableString.Invariant($"{User.GroupId}"),
            User.Name is null ? "--clear-groups" : "--init-groups",
            "--",
            .. Arguments,
        ];

    /// <summary>
    /// PATH, LANG, LC_ALL, LC_CTYPE and TZ as the daemon has them, HOME, USER and LOGNAME of the user, SHELL=/bin/sh,
    /// and nothing else. keepalived hands over its whole environment.
    /// </summary>
    internal IReadOnlyList<string> Environment()
    {
        List<string> variables = [$"HOME={User.Home}", "SHELL=/bin/sh"];
        if (User.Name is not null)
        {
            variables.Add($"USER={User.Name}");
            variables.Add($"LOGNAME={User.Name}");
        }

        foreach (string name in _passedOn)
        {
            string? value = System.Environment.GetEnvironmentVariable(name) ?? (name == "PATH" ? DefaultPath : null);
            if (value is not null)
            {
                variables.Add($"{name}={value}");
            }
        }

        return variables;
    }

    /// <summary>The words as an operator wrote them.</summary>
    public override string ToString() => string.Join(' ', Arguments);
}
