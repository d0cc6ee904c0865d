using System.Collections.Generic;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands;

/// <summary>The findings of a configuration as an operator reads them: place, text, the line and a caret.</summary>
internal static class DiagnosticLines
{
    internal static IEnumerable<string> Of(ParseResult read)
    {
        string[] lines = read.Text.Split('\n');
        foreach (Diagnostic diagnostic in read.Diagnostics)
        {
            bool hasLine = diagnostic.Line >= 1 && diagnostic.Line <= lines.Length;
            yield return DiagnosticFormatter.Format(
                diagnostic, hasLine ? lines[diagnostic.Line - 1].TrimEnd('\r') : null).TrimEnd('\n');
        }
    }
}
