using System.IO;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands;

/// <summary>xdplvs check: prints all that is to say about a configuration.</summary>
internal static class CheckCommand
{
    internal static int Run(string path, TextWriter output)
    {
        ParseResult read = ConfigReader.Load(path);
        output.Write(DiagnosticFormatter.FormatAll(read));

        if (read.FileProblem)
        {
            return ExitCode.Permission;
        }

        if (read.HasErrors)
        {
            return ExitCode.ConfigErrors;
        }

        output.WriteLine(
            $"{path}: no errors; {read.Config.Instances.Length} vrrp_instance(s), "
            + $"{read.Config.Services.Length} virtual_server(s)");
        return ExitCode.Fine;
    }
}
