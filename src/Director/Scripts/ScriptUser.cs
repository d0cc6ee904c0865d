using System.Diagnostics.CodeAnalysis;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Scripts;

/// <summary>As whom a script runs.</summary>
/// <param name="UserId">Number of the user.</param>
/// <param name="GroupId">Number of the group; the user's primary one unless another was asked for.</param>
/// <param name="Name">Login name, whose further groups the script has too; null if the number has no name.</param>
/// <param name="Home">Home directory.</param>
internal sealed record ScriptUser(uint UserId, uint GroupId, string? Name, string Home)
{
    /// <summary>The user that keepalived takes when the configuration names none, if that user exists.</summary>
    internal const string DefaultName = "keepalived_script";

    private const string Root = "/";

    /// <summary>Whoever runs this daemon.</summary>
    internal static ScriptUser Own
    {
        get
        {
            Account? own = Account.Find(Account.OwnUserId);
            return new ScriptUser(Account.OwnUserId, Account.OwnGroupId, own?.Name, own?.Home ?? Root);
        }
    }

    /// <summary>Whether it is whoever runs this daemon: nothing need be changed.</summary>
    internal bool IsOwn => UserId == Account.OwnUserId && GroupId == Account.OwnGroupId;

    /// <summary>keepalived_script where it exists, else whoever runs this daemon.</summary>
    /// <param name="warning">What to tell the operator about it, in keepalived's words.</param>
    internal static ScriptUser Default(out string? warning)
    {
        Account? wanted = Account.Find(DefaultName);
        warning = wanted is null
            ? $"WARNING - default user '{DefaultName}' for script execution does not exist - please create."
            : null;
        return wanted is null ? Own : Of(wanted);
    }

    /// <summary>Looks up what script_user or a script's own suffix names.</summary>
    /// <param name="user">Name of a user.</param>
    /// <param name="group">Name of a group; null for the user's own.</param>
    /// <param name="found">The user, when the result is true.</param>
    /// <param name="fault">What is wrong, when it is false.</param>
    internal static bool TryFind(
        string user,
        string? group,
        [NotNullWhen(true)] out ScriptUser? found,
        [NotNullWhen(false)] out string? fault)
    {
        Account? account = Account.Find(user);
        uint? groupId = group is null ? account?.GroupId : Account.FindGroup(group);
        found = account is null || groupId is null ? null : Of(account) with { GroupId = groupId.Value };
        fault = account is null ? $"unable to resolve script user '{user}'"
            : groupId is null ? $"unable to resolve script group '{group}'"
            : null;
        return found is not null;
    }

    private static ScriptUser Of(Account account) =>
        new(account.UserId, account.GroupId, account.Name, account.Home);
}
