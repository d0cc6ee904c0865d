namespace XdpLvs.Config;

/// <summary>How much a finding in the configuration matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; what was written is done.</summary>
    Notice,

    /// <summary>Done, but probably not as intended, or left undone without touching the traffic.</summary>
    Warning,

    /// <summary>Something written is not done. A configuration with errors never replaces a running one.</summary>
    Error,
}

/// <summary>One finding in the configuration, with the place it is about.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">The line, counted from 1; 0 when the finding is about the file itself.</param>
/// <param name="Column">The first character, counted from 1; 0 when the finding is about the file itself.</param>
/// <param name="Length">How many characters it is about.</param>
/// <param name="Message">What is wrong, for the operator, without final stop.</param>
/// <param name="Suggestion">What should probably stand there instead.</param>
public sealed record Diagnostic(
    Severity Severity,
    string File,
    int Line,
    int Column,
    int Length,
    string Message,
    string? Suggestion = null)
{
    /// <summary>What explains the place, such as the variable whose expansion it is; null if nothing.</summary>
    public string? Context { get; init; }
}
