using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands.Convert;

/// <summary>xdplvs convert: what ipvsadm saved becomes virtual_server blocks, and the other way round.</summary>
internal static class ConvertCommand
{
    /// <summary>Converts, by what the text is.</summary>
    /// <param name="path">A file; "-" for standard input.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Takes the result.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string path, TextReader input, TextWriter output, TextWriter errors)
    {
        string text;
        try
        {
            text = path == "-" ? input.ReadToEnd() : File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"xdplvs: {error.Message}");
            return ExitCode.Permission;
        }

        return IsRules(text) ? ToBlocks(text, output, errors) : ToRules(text, path, output, errors);
    }

    /// <summary>Whether the first line that says something is a command of ipvsadm.</summary>
    private static bool IsRules(string text)
    {
        string first = text.Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Length > 0 && line[0] is not ('#' or '!')) ?? "";
        return first.StartsWith('-') || first.StartsWith("ipvsadm ", StringComparison.Ordinal);
    }

    private static int ToBlocks(string text, TextWriter output, TextWriter errors)
    {
        IReadOnlyList<IpvsRule> rules = RuleReader.Read(text, out string? complaint);
        if (complaint is not null)
        {
            errors.WriteLine($"xdplvs: {complaint}");
            return ExitCode.Usage;
        }

        output.Write(BlockWriter.Write(rules));
        return ExitCode.Fine;
    }

    private static int ToRules(string text, string path, TextWriter output, TextWriter errors)
    {
        string name = path == "-" ? "(standard input)" : path;
        ParseResult read = ConfigReader.Parse(text, name, ReadOptions.OfHost());
        output.Write(RuleWriter.Write(read.Config.Services));
        errors.Write(DiagnosticFormatter.FormatAll(read with
        {
            Diagnostics = read.Diagnostics.RemoveAll(finding => finding.Severity != Severity.Error),
        }));
        return read.HasErrors ? ExitCode.ConfigErrors : ExitCode.Fine;
    }
}
