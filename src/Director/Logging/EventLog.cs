using System;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace XdpLvs.Director.Logging;

/// <summary>
/// Where the daemon says what happens. Never blocks its caller: a full queue loses lines, not adverts.
/// </summary>
public sealed partial class EventLog : IDisposable
{
    private readonly ILoggerFactory _factory;
    private readonly ILogger _logger;

    /// <summary>Writes to standard output by a thread of its own.</summary>
    public EventLog(TimeProvider time)
    {
        _factory = LoggerFactory.Create(builder =>
        {
            builder.Services.AddSingleton(time);
            builder.AddConsole(options =>
            {
                options.FormatterName = EventLines.FormatterName;
                options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
            builder.Services.AddSingleton<ConsoleFormatter, EventLines>(); // it has no options that need binding
        });
        _logger = _factory.CreateLogger("xdplvs");
    }

    /// <summary>Something happened that keepalived would log.</summary>
    public void Event(string text) => Write(_logger, LogLevel.Information, text);

    /// <summary>Something works worse than it could, or is ignored.</summary>
    public void Warn(string text) => Write(_logger, LogLevel.Warning, text);

    /// <summary>Something does not work.</summary>
    public void Fail(string text) => Write(_logger, LogLevel.Error, text);

    /// <summary>The daemon ends because of it.</summary>
    public void Fatal(string text) => Write(_logger, LogLevel.Critical, text);

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose() => _factory.Dispose();

    [LoggerMessage(Message = "{Text}")]
    private static partial void Write(ILogger logger, LogLevel level, string text);
}
