using System.Collections.Immutable;
using System.IO;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands;

/// <summary>
/// xdplvs show config: prints what a configuration means, every default filled in, and where each value comes from.
/// Secrets are covered.
/// </summary>
internal static class ShowConfigCommand
{
    internal static int Run(string path, bool isJson, TextWriter output, TextWriter errors)
    {
        ParseResult read = ConfigReader.Load(path);
        if (read.FileProblem)
        {
            errors.Write(DiagnosticFormatter.FormatAll(read));
            return ExitCode.Permission;
        }

        ImmutableArray<ListedBlock> listing = ConfigListing.Of(read.Config);
        output.Write(isJson ? ListingFormatter.Json(listing) : ListingFormatter.Text(listing));
        if (read.HasErrors)
        {
            errors.WriteLine($"{path}: what has errors is not shown; xdplvs check -f {path} lists them");
        }

        return read.HasErrors ? ExitCode.ConfigErrors : ExitCode.Fine;
    }
}
