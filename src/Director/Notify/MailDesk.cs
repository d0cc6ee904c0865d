using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace XdpLvs.Director.Notify;

/// <summary>
/// Delivers mails to the configured server by SMTP, each on a connection of its own, as keepalived does.
/// </summary>
internal sealed class MailDesk(MailSettings settings, TimeProvider clock)
{
    /// <summary>
    /// Delivers one, or throws what went wrong; <see cref="TimeoutException"/> when it took too long.
    /// </summary>
    internal async Task DeliverAsync(Mail mail, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(settings.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            using MimeMessage message = Write(mail);
            using var client = new SmtpClient { LocalDomain = settings.HeloName };
            client.CheckCertificateRevocation = false; // TLS is taken where offered; alerts are no secret
#pragma warning disable CA5359 // and a local relay's certificate is often its own
            client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            await client.ConnectAsync(
                settings.Server, settings.Port, SecureSocketOptions.StartTlsWhenAvailable, either.Token)
                .ConfigureAwait(false);
            await client.SendAsync(message, either.Token).ConfigureAwait(false);
            await PartAsync(client, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{settings.Server} port {settings.Port} took more than {settings.Timeout.TotalSeconds:0.###} s");
        }
    }

    /// <summary>The mail is delivered: a farewell that fails must not have it delivered again.</summary>
    private static async Task PartAsync(SmtpClient client, CancellationToken stop)
    {
        try
        {
            await client.DisconnectAsync(quit: true, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ProtocolException or OperationCanceledException
            or InvalidOperationException)
        {
            // it has left without a word
        }
    }

    private MimeMessage Write(Mail mail)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = clock.GetLocalNow(),
            Body = new TextPart("plain") { Text = mail.Body + "\r\n" },
        };
        message.From.Add(MailboxAddress.Parse(settings.From));
        foreach (string receiver in settings.To)
        {
            message.To.Add(MailboxAddress.Parse(receiver));
        }

        message.Headers.Add("X-Mailer", "Keepalived"); // the name that filters know
        return message;
    }
}
