namespace XdpLvs.Lab;

/// <summary>What a command that has ended left behind.</summary>
/// <param name="Command">The words it was started with, for messages.</param>
/// <param name="ExitCode">Zero is success.</param>
/// <param name="Output">All of standard output.</param>
/// <param name="Error">All of standard error.</param>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>True when the command says it did its work.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>This result, or an exception with the command's own complaint.</summary>
    public CommandResult OrThrow() => Succeeded
        ? this
        : throw new LabException($"{Command}: exit {ExitCode}: {(Error.Length > 0 ? Error : Output).Trim()}");
}
