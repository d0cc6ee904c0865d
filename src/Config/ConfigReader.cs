using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Reads a <c>keepalived.conf</c>. It never throws, whatever the text or the file is.</summary>
public static class ConfigReader
{
    /// <summary>The largest file that is read, in octets.</summary>
    public const int FileSizeMax = 16 * 1024 * 1024;

    /// <summary>Turns a text into the model and a list of findings.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fileName">The name that findings carry.</param>
    public static ParseResult Parse(string text, string fileName) => Parse(text, fileName, new Reporter(fileName));

    /// <summary>Reads a file, and says so in the result if it cannot be read.</summary>
    /// <param name="path">Its path; also the name that findings carry.</param>
    public static ParseResult Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var content = new MemoryStream();
            byte[] chunk = new byte[64 * 1024];
            for (int read = file.Read(chunk); read > 0; read = file.Read(chunk))
            {
                content.Write(chunk, 0, read);
                if (content.Length > FileSizeMax)
                {
                    return Unreadable(path, $"the file is larger than {FileSizeMax / (1024 * 1024)} MiB");
                }
            }

            return Decode(content.ToArray(), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Unreadable(path, "the file does not exist");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return Unreadable(path, "this is a directory");
        }
        catch (UnauthorizedAccessException)
        {
            return Unreadable(path, "the file may not be read by this user");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return Unreadable(path, $"the file cannot be read: {e.Message}");
        }
    }

    private static ParseResult Parse(string text, string fileName, Reporter report)
    {
        var lines = Lexer.Read(text, report);
        foreach (ImmutableArray<Word> line in lines)
        {
            if (NotYet.DefinedVariable(line[0]) is { } name)
            {
                report.Variables.Add(name);
            }
        }

        DirectorConfig config = ModelReader.Read(TreeBuilder.Build(lines, report), report);
        return new ParseResult(config, report.Diagnostics) { Text = text };
    }

    private static ParseResult Decode(byte[] content, string path)
    {
        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return Unreadable(path, "the file is UTF-16; save it as UTF-8");
        }

        string text = Encoding.UTF8.GetString(content);
        var report = new Reporter(path);
        if (!content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)))
        {
            report.Notice(FirstReplacement(text), "the file is not UTF-8 from here on; strange octets are replaced");
        }

        return Parse(text, path, report);
    }

    private static Word FirstReplacement(string text)
    {
        int at = text.IndexOf('\uFFFD', StringComparison.Ordinal);
        int lineStart = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        string before = text[lineStart..at];
        int line = text.AsSpan(0, lineStart).Count('\n') + 1;
        int mark = line == 1 && before.StartsWith('\uFEFF') ? 1 : 0;
        return new Word("", WordKind.Plain, line, before.EnumerateRunes().Count() - mark + 1, 1);
    }

    private static ParseResult Unreadable(string path, string message) =>
        new(DirectorConfig.Empty, [new Diagnostic(Severity.Error, path, 0, 0, 0, message)]) { FileProblem = true };
}
