using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands;

/// <summary>What to check, and how to say it.</summary>
/// <param name="Path">The configuration.</param>
/// <param name="ConfigId">What <c>@id</c> lines are compared with; null for the host's name.</param>
/// <param name="Strict">Whether warnings count as errors.</param>
/// <param name="Json">Whether a program reads the answer.</param>
internal sealed record CheckOptions(string Path, string? ConfigId = null, bool Strict = false, bool Json = false);

/// <summary>xdplvs check: prints all that is to say about a configuration.</summary>
internal static class CheckCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    internal static int Run(CheckOptions options, TextWriter output)
    {
        ParseResult read = ConfigReader.Load(options.Path, ReadOptions.OfHost(options.ConfigId));
        bool isWrong = read.HasErrors || (options.Strict && read.Diagnostics.Any(IsWarning));
        int exit = read.FileProblem ? ExitCode.Permission : isWrong ? ExitCode.ConfigErrors : ExitCode.Fine;
        if (options.Json)
        {
            output.WriteLine(Json(options.Path, read, exit));
            return exit;
        }

        output.Write(DiagnosticFormatter.FormatAll(read));
        if (exit == ExitCode.Fine)
        {
            output.WriteLine(
                $"{options.Path}: no errors; {read.Config.Instances.Length} vrrp_instance(s), "
                + $"{read.Config.Services.Length} virtual_server(s)");
        }

        return exit;
    }

    private static bool IsWarning(Diagnostic finding) => finding.Severity == Severity.Warning;

    private static string Json(string path, ParseResult read, int exit)
    {
        using var octets = new MemoryStream();
        using (var json = new Utf8JsonWriter(octets, Indented))
        {
            json.WriteStartObject();
            json.WriteString("file", path);
            json.WriteNumber("exit", exit);
            json.WriteNumber("vrrp_instances", read.Config.Instances.Length);
            json.WriteNumber("virtual_servers", read.Config.Services.Length);
            json.WriteStartArray("findings");
            foreach (Diagnostic finding in read.Diagnostics)
            {
                Write(json, finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(octets.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Diagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("severity", DiagnosticFormatter.Name(finding.Severity));
        json.WriteString("file", finding.File);
        json.WriteNumber("line", finding.Line);
        json.WriteNumber("column", finding.Column);
        json.WriteNumber("length", finding.Length);
        json.WriteString("message", finding.Message);
        json.WriteString("suggestion", finding.Suggestion);
        json.WriteString("context", finding.Context);
        json.WriteEndObject();
    }
}
