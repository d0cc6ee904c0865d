using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace XdpLvs.Config;

/// <summary>Writes a listing as text in keepalived's shape, or as JSON.</summary>
public static class ListingFormatter
{
    private const int OriginColumn = 48, IndentStep = 4;

    /// <summary>A line for each value, and behind a number sign where it comes from.</summary>
    public static string Text(IEnumerable<ListedBlock> blocks)
    {
        var text = new StringBuilder();
        foreach (ListedBlock block in blocks)
        {
            Write(text, block, 0);
        }

        return text.ToString();
    }

    /// <summary>
    /// The same as an array of objects: block, name, file, line, values (keyword, value, file, line, note) and
    /// blocks. Where file and line are null, the value is a default.
    /// </summary>
    public static string Json(IEnumerable<ListedBlock> blocks)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            WriteAll(writer, blocks);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(StringBuilder text, ListedBlock block, int indent)
    {
        string head = block.Name.Length > 0 ? $"{block.Kind} {block.Name}" : block.Kind;
        Line(text, indent, head + " {", block.Origin is { } origin ? Place(origin) : null);
        foreach (ListedValue value in block.Values)
        {
            string line = value.Keyword.Length > 0 ? $"{value.Keyword} {value.Text}" : value.Text;
            string where = value.Origin is { } place ? Place(place) : value.Keyword.Length > 0 ? "default" : "";
            string note = value.Note is null ? "" : where.Length > 0 ? $", {value.Note}" : value.Note;
            Line(text, indent + IndentStep, line, where + note);
        }

        foreach (ListedBlock inner in block.Blocks)
        {
            Write(text, inner, indent + IndentStep);
        }

        Line(text, indent, "}", null);
    }

    private static void Line(StringBuilder text, int indent, string line, string? comment)
    {
        string full = new string(' ', indent) + line.TrimEnd();
        text.Append(string.IsNullOrEmpty(comment) ? full : $"{full.PadRight(OriginColumn)} # {comment}").Append('\n');
    }

    private static string Place(SourceSpan span) => FormattableString.Invariant($"{span.File}:{span.Line}");

    private static void WriteAll(Utf8JsonWriter writer, IEnumerable<ListedBlock> blocks)
    {
        writer.WriteStartArray();
        foreach (ListedBlock block in blocks)
        {
            writer.WriteStartObject();
            writer.WriteString("block", block.Kind);
            writer.WriteString("name", block.Name);
            WriteOrigin(writer, block.Origin);
            writer.WriteStartArray("values");
            foreach (ListedValue value in block.Values)
            {
                writer.WriteStartObject();
                writer.WriteString("keyword", value.Keyword);
                writer.WriteString("value", value.Text);
                WriteOrigin(writer, value.Origin);
                writer.WriteString("note", value.Note);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WritePropertyName("blocks");
            WriteAll(writer, block.Blocks);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOrigin(Utf8JsonWriter writer, SourceSpan? origin)
    {
        writer.WriteString("file", origin?.File);
        if (origin is { } place)
        {
            writer.WriteNumber("line", place.Line);
        }
        else
        {
            writer.WriteNull("line");
        }
    }
}
