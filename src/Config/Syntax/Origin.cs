namespace XdpLvs.Config;

/// <summary>Where the words of a line come from. Many words share one.</summary>
/// <param name="File">The file's name, as it was given or as an <c>include</c> found it.</param>
/// <param name="Context">What else explains the place, such as the expansion of a variable; null if nothing.</param>
internal sealed record Origin(string File, string? Context = null);
