using System;
using System.Collections.Immutable;
using XdpLvs.Director.Tables;

namespace XdpLvs.Director.Notify;

/// <summary>
/// Tells scripts, FIFOs and readers of mails what becomes of virtual and real servers, as keepalived does. Called by
/// the director loop; waits for nobody.
/// </summary>
/// <remarks>
/// A real server that is merely assumed to be up at start is nobody's news; its virtual server is. At the end of the
/// daemon only those of virtual servers with omega are told. keepalived: check/ipwrapper.c, do_vs_notifies and
/// do_rs_notifies.
/// </remarks>
/// <param name="services">Whom to tell, by the number of the service.</param>
/// <param name="routerId">router_id, in the subject of mails.</param>
/// <param name="onlyChanges">no_checker_emails: no mail of a check that changes nothing for its server.</param>
/// <param name="notifier">Runs the scripts and writes to the FIFOs.</param>
/// <param name="mail">Sends a mail, some time.</param>
internal sealed class ServiceAnnouncer(
    ImmutableArray<ServiceContacts> services,
    string routerId,
    bool onlyChanges,
    Notifier notifier,
    Action<Mail> mail)
{
    private const string Stopping = "=> Shutting down <=";

    /// <summary>Something became of a service or a real server.</summary>
    internal void Tell(ServiceNews news)
    {
        ServiceContacts service = services[news.Service];
        if (news.Occasion == NewsOccasion.Stop && !service.Omega)
        {
            return;
        }

        if (news.Real is { } index)
        {
            TellReal(service, service.Reals[index], news);
        }
        else
        {
            TellService(service, news);
        }
    }

    /// <summary>A check came to a verdict that is worth a mail.</summary>
    /// <param name="name">The check.</param>
    /// <param name="isUp">What it found.</param>
    /// <param name="change">What that did to its real server.</param>
    /// <param name="text">What the mail says.</param>
    internal void MailVerdict(CheckName name, bool isUp, HealthChange change, string text)
    {
        ServiceContacts service = services[name.Service];
        RealServerContacts real = service.Reals[name.Real];
        bool isNews = change.WasUp != change.IsUp || (!onlyChanges && !(isUp && change.WasUp));
        if (real.Mails && isNews)
        {
            mail(MailTexts.RealServer(routerId, real.Name, service.Name, isUp, text));
        }
    }

    private void TellReal(ServiceContacts service, RealServerContacts real, ServiceNews news)
    {
        notifier.TellRealServer(real.Name, service.Name, news.IsUp, news.IsUp ? real.Up : real.Down);
        if (news.Occasion == NewsOccasion.Stop && real.Mails)
        {
            mail(MailTexts.RealServer(routerId, real.Name, service.Name, news.IsUp, Stopping));
        }
    }

    private void TellService(ServiceContacts service, ServiceNews news)
    {
        notifier.TellVirtualServer(service.Name, news.IsUp, news.IsUp ? service.Up : service.Down);
        if (service.Mails)
        {
            mail(news.Occasion == NewsOccasion.Stop
                ? MailTexts.VirtualServerStopping(routerId, service.Name)
                : MailTexts.VirtualServer(
                    routerId,
                    service.Name,
                    news.IsUp,
                    news.Occasion == NewsOccasion.Start,
                    service.Quorum,
                    service.Hysteresis,
                    news.Weight));
        }
    }
}
