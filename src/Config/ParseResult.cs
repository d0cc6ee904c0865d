using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>What became of a configuration file: always a model, and everything there is to say about it.</summary>
/// <param name="Config">The model of what was understood; what was not understood is left out of it.</param>
/// <param name="Diagnostics">The findings in the order of the file.</param>
public sealed record ParseResult(DirectorConfig Config, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>The text that was read, so that messages can show the line they are about.</summary>
    public string Text { get; init; } = "";

    /// <summary>The texts of the files by their names, included ones too.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The file itself could not be read; its only diagnostic says why.</summary>
    public bool FileProblem { get; init; }

    /// <summary>Whether anything written in the file is not done.</summary>
    public bool HasErrors => Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
}
