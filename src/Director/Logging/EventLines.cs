using System;
using System.Globalization;
using System.IO;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace XdpLvs.Director.Logging;

/// <summary>One line per event: local time to the millisecond, the level when it matters, the text.</summary>
/// <remarks>Texts that operators grep for are keepalived's own words.</remarks>
internal sealed class EventLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "xdplvs";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Critical => "fatal: ",
            LogLevel.Error => "error: ",
            LogLevel.Warning => "warning: ",
            _ => "",
        });
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
    }
}
