namespace XdpLvs.Config;

/// <summary>A place in a configuration file that a message can point at. It never covers more than one line.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The first character (Unicode code point), counted from 1.</param>
/// <param name="Length">How many characters it covers.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int Length)
{
    /// <summary>The form that editors make clickable.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
