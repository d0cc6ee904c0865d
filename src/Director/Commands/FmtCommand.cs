using System;
using System.IO;
using XdpLvs.Config;

namespace XdpLvs.Director.Commands;

/// <summary>xdplvs fmt: a configuration in one tidy form.</summary>
internal static class FmtCommand
{
    /// <summary>Prints the tidy form, or writes it in place of the file if that differs.</summary>
    internal static int Run(string path, bool write, TextWriter output, TextWriter errors)
    {
        try
        {
            string text = File.ReadAllText(path);
            string? tidy = ConfigFormatter.Format(text, out string? fault);
            if (tidy is null)
            {
                errors.WriteLine($"xdplvs: {path}: {fault}; 'xdplvs check' shows the place");
                return ExitCode.ConfigErrors;
            }

            if (!write)
            {
                output.Write(tidy);
            }
            else if (tidy != text)
            {
                Replace(path, tidy);
            }

            return ExitCode.Fine;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"xdplvs: {error.Message}");
            return ExitCode.Permission;
        }
    }

    /// <summary>The whole new file or the old one: a crash in between leaves no half.</summary>
    private static void Replace(string path, string text)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        string beside = target + ".xdplvs-fmt";
        File.WriteAllText(beside, text);
        File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
        File.Move(beside, target, overwrite: true);
    }
}
