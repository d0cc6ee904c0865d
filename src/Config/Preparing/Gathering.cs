using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>A definition of several lines while they come in. Each but the last ends with <c>\</c>.</summary>
/// <param name="name">The variable.</param>
/// <param name="context">Where it is defined, for messages.</param>
/// <param name="isWanted">Whether the condition in front of it holds.</param>
internal sealed class Gathering(string name, string context, bool isWanted)
{
    private readonly ImmutableArray<SourceLine>.Builder _lines = ImmutableArray.CreateBuilder<SourceLine>();

    /// <summary>The variable.</summary>
    public string Name => name;

    /// <summary>Whether it is for this configuration id.</summary>
    public bool IsWanted => isWanted;

    /// <summary>Starts one if the line defines: <c>$NAME=VALUE \</c>, perhaps behind <c>@id</c>.</summary>
    public static bool TryStart(SourceLine line, string configId, out Gathering? gathering)
    {
        gathering = null;
        line = line.TrimStart();
        bool isWanted = true;
        while (line.Text.StartsWith('@'))
        {
            int blank = line.Text.AsSpan().IndexOfAny(' ', '\t');
            if (blank < 0)
            {
                return false;
            }

            bool isNot = line.Text.AsSpan(1).StartsWith('^');
            isWanted &= line.Text.AsSpan((isNot ? 2 : 1)..blank).SequenceEqual(configId) != isNot;
            line = line.Slice(blank, line.Text.Length).TrimStart();
        }

        int length = References.DefinedLength(line.Text);
        if (length == 0)
        {
            return false;
        }

        string name = line.Text[1..(length + 1)];
        Word place = line.Place(0, length + 1);
        string context = $"in the expansion of ${name}, defined at {place.Origin!.File}:{place.Line}";
        gathering = new Gathering(name, context, isWanted);
        gathering.Add(line.Slice(length + 2, line.Text.Length));
        return true;
    }

    /// <summary>Adds a line, without its <c>\</c>.</summary>
    public void Add(SourceLine line)
    {
        int length = line.Text.AsSpan().TrimEnd().TrimEnd('\\').TrimEnd().Length;
        line = line.Slice(0, length).TrimStart();
        if (line.Text.Length > 0)
        {
            _lines.Add(line);
        }
    }

    /// <summary>The definition.</summary>
    public Definition ToDefinition() => new(name, _lines.ToImmutable(), true, context);
}
