using System;
using System.Collections.Immutable;

namespace XdpLvs.Director.Notify;

/// <summary>Whom mails go to, and by which server: keepalived's global_defs.</summary>
/// <param name="Server">Host or address (smtp_server).</param>
/// <param name="From">Sender (notification_email_from).</param>
/// <param name="To">Receivers (notification_email), at least one.</param>
internal sealed record MailSettings(string Server, string From, ImmutableArray<string> To)
{
    /// <summary>keepalived's default for <see cref="Timeout"/>.</summary>
    internal static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(30);

    /// <summary>The server's port.</summary>
    internal ushort Port { get; init; } = 25;

    /// <summary>Our name for the server (smtp_helo_name); null: the host's.</summary>
    internal string? HeloName { get; init; }

    /// <summary>How long one delivery may take (smtp_connect_timeout).</summary>
    internal TimeSpan Timeout { get; init; } = TimeoutDefault;
}

/// <summary>One mail, before it is put into an envelope.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Body">One line, as keepalived's are.</param>
internal readonly record struct Mail(string Subject, string Body);
