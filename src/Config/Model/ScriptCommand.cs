using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>A command that is run without a shell.</summary>
/// <param name="Words">The program and its arguments, at least one.</param>
/// <param name="User">As whom; null means <c>script_user</c>.</param>
/// <param name="Group">As which group; null means that of the user.</param>
public sealed record ScriptCommand(ImmutableArray<string> Words, string? User, string? Group)
{
    /// <summary>The command line, with the user and the group behind it if there are any.</summary>
    public override string ToString() =>
        string.Join(' ', Words.Select(word => word.Contains(' ') ? $"'{word}'" : word))
        + (User is null ? "" : $" (as {User}{(Group is null ? "" : $":{Group}")})");
}

/// <summary>The commands of an instance or a sync group, by what happened; null where nothing is to be run.</summary>
public sealed record NotifyScripts
{
    /// <summary>None of them.</summary>
    public static NotifyScripts None { get; } = new();

    /// <summary><c>notify_master</c>.</summary>
    public ScriptCommand? Master { get; init; }

    /// <summary><c>notify_backup</c>.</summary>
    public ScriptCommand? Backup { get; init; }

    /// <summary><c>notify_fault</c>.</summary>
    public ScriptCommand? Fault { get; init; }

    /// <summary><c>notify_stop</c>.</summary>
    public ScriptCommand? Stop { get; init; }

    /// <summary><c>notify_deleted</c>; of an instance only.</summary>
    public ScriptCommand? Deleted { get; init; }

    /// <summary><c>notify</c>: for every state, with four further arguments.</summary>
    public ScriptCommand? Any { get; init; }

    /// <summary><c>notify_master_rx_lower_pri</c>; of an instance only.</summary>
    public ScriptCommand? MasterHeardLowerPriority { get; init; }
}
