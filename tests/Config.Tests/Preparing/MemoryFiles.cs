using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace XdpLvs.Config.Tests.Preparing;

/// <summary>Files that only a test knows. Patterns are matched by name alone.</summary>
internal sealed class MemoryFiles(params (string Path, string Text)[] files) : IConfigFiles
{
    private readonly Dictionary<string, string> _files = files.ToDictionary(file => file.Path, file => file.Text);

    public FileMatches Match(string folder, string pattern)
    {
        string[] paths = [.. Glob.Alternatives(pattern).SelectMany(alternative => Named(folder, alternative))];
        string[] missing = [.. Glob.Alternatives(pattern).Where(alternative => Named(folder, alternative).Length == 0)];
        return new FileMatches([.. paths], [.. missing]);
    }

    public FileContent Read(string path) => _files.TryGetValue(path, out string? text)
        ? new FileContent(text, null)
        : FileContent.Unreadable("the file does not exist");

    private string[] Named(string folder, string pattern) =>
        [.. _files.Keys.Where(path => Glob.Fits(Path.GetRelativePath(folder.Length == 0 ? "." : folder, path), pattern))
            .Order(StringComparer.Ordinal)
            .Select(path => Path.GetRelativePath(folder.Length == 0 ? "." : folder, path))];
}
