using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace XdpLvs.Lab.Demo;

/// <summary>What the demo says: headings, what was seen, and a verdict on each claim.</summary>
/// <param name="target">Where it says it.</param>
internal sealed class DemoReport(TextWriter target)
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _startUs = TimeProvider.System.Microseconds();

    /// <summary>Claims that held.</summary>
    public int Passed { get; private set; }

    /// <summary>Claims that did not.</summary>
    public int Failed { get; private set; }

    /// <summary>Begins a step.</summary>
    public void Heading(string title)
    {
        target.WriteLine();
        target.WriteLine($"== {title}   [{(_time.Microseconds() - _startUs) / 1_000_000.0:0} s]");
    }

    /// <summary>A remark, or progress before a wait.</summary>
    public void Note(string text) => target.WriteLine($"   {text}");

    /// <summary>A command and what it printed.</summary>
    public void Shown(string host, string command, string output)
    {
        target.WriteLine($"   {host} $ {command}");
        Quote(output.TrimEnd('\n').Split('\n'));
    }

    /// <summary>Lines of a program's output or of a capture, set off by a bar.</summary>
    public void Quote(IEnumerable<string> lines)
    {
        foreach (string line in lines.Where(line => line.Length > 0))
        {
            target.WriteLine($"     | {line}");
        }
    }

    /// <summary>States a claim and whether it held.</summary>
    /// <param name="holds">What was observed.</param>
    /// <param name="claim">What should be so.</param>
    /// <param name="observed">What was seen: printed beside a success, the reason of a failure.</param>
    public bool Check(bool holds, string claim, string observed = "")
    {
        (Passed, Failed) = holds ? (Passed + 1, Failed) : (Passed, Failed + 1);
        string reason = observed.Length > 0 ? (holds ? $" ({observed})" : $": {observed}") : "";
        target.WriteLine($"   {(holds ? "ok    " : "FAILED")}  {claim}{reason}");
        return holds;
    }

    /// <summary>The last line.</summary>
    public void Summary()
    {
        target.WriteLine();
        target.WriteLine($"{Passed} passed, {Failed} failed");
    }
}
