using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>The files of this machine.</summary>
internal sealed class DiskFiles : IConfigFiles
{
    private const int ChunkSize = 64 * 1024, PathsMax = 10_000;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <inheritdoc/>
    public FileMatches Match(string folder, string pattern)
    {
        ImmutableArray<string>.Builder paths = ImmutableArray.CreateBuilder<string>();
        ImmutableArray<string>.Builder missing = ImmutableArray.CreateBuilder<string>();
        foreach (string alternative in Glob.Alternatives(pattern))
        {
            int before = paths.Count;
            paths.AddRange(Find(folder, alternative).Take(PathsMax - before));
            if (paths.Count == before)
            {
                missing.Add(alternative);
            }
        }

        return new FileMatches(paths.ToImmutable(), missing.ToImmutable());
    }

    /// <inheritdoc/>
    public FileContent Read(string path)
    {
        try
        {
            bool isExecutable = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path)
                & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
            using FileStream file = File.OpenRead(path);
            long expected = Math.Clamp(file.CanSeek ? file.Length : 0, ChunkSize, ConfigReader.FileSizeMax);
            byte[] content = new byte[expected + 1];
            int length = 0;
            for (int read = file.Read(content); read > 0; read = file.Read(content.AsSpan(length)))
            {
                length += read;
                if (length > ConfigReader.FileSizeMax)
                {
                    const int MiB = ConfigReader.FileSizeMax / (1024 * 1024);
                    return FileContent.Unreadable($"the file is larger than {MiB} MiB");
                }

                if (length == content.Length)
                {
                    Array.Resize(ref content, Math.Min(2 * length, ConfigReader.FileSizeMax + 1));
                }
            }

            return Decode(content.AsSpan(0, length)) with { IsExecutable = isExecutable };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return FileContent.Unreadable("the file does not exist");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return FileContent.Unreadable("this is a directory");
        }
        catch (UnauthorizedAccessException)
        {
            return FileContent.Unreadable("the file may not be read by this user");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return FileContent.Unreadable($"the file cannot be read: {e.Message}");
        }
    }

    private static FileContent Decode(ReadOnlySpan<byte> content)
    {
        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return FileContent.Unreadable("the file is UTF-16; save it as UTF-8");
        }

        string text = Encoding.UTF8.GetString(content);
        bool isReplaced = text.Contains('\uFFFD', StringComparison.Ordinal)
            && !content.SequenceEqual(Encoding.UTF8.GetBytes(text));
        return new FileContent(text, null, isReplaced);
    }

    /// <summary>The files that a pattern without braces names, by name.</summary>
    private static List<string> Find(string folder, string pattern)
    {
        if (!Glob.HasWildcard(pattern))
        {
            return Exists(Path.Combine(folder, pattern)) ? [pattern] : [];
        }

        string[] steps = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [pattern.StartsWith('/') ? "/" : ""];
        for (int i = 0; i < steps.Length; i++)
        {
            (string step, bool isLast) = (steps[i], i == steps.Length - 1);
            found = [.. found.SelectMany(at => Step(folder, at, step, isLast)).Take(PathsMax)];
        }

        return found;
    }

    private static List<string> Step(string folder, string at, string step, bool isLast)
    {
        if (!Glob.HasWildcard(step))
        {
            string next = Path.Combine(at, step);
            string full = Path.Combine(folder, next);
            return (isLast ? Exists(full) : Directory.Exists(full)) ? [next] : [];
        }

        try
        {
            var here = new DirectoryInfo(Path.Combine(folder, at));
            return here.EnumerateFileSystemInfos("*", Everything)
                .Where(entry => (isLast ? Exists(entry.FullName) : Directory.Exists(entry.FullName))
                    && Glob.Fits(entry.Name, step))
                .Select(entry => Path.Combine(at, entry.Name))
                .Order(StringComparer.Ordinal)
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    private static bool Exists(string path) => File.Exists(path);
}
