using System;
using System.Collections.Generic;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Director.Notify;
using XdpLvs.Vrrp;
using Notice = XdpLvs.Director.Notify.Notice;

namespace XdpLvs.Director.Vrrp;

/// <summary>
/// Hands what becomes of instances and groups to scripts and FIFOs, in the order in which it happened. The VRRP thread
/// only leaves a note; this reads the notes.
/// </summary>
/// <param name="notifier">Stays its owner's.</param>
/// <param name="audiences">Who hears of whom.</param>
internal sealed class VrrpHerald(
    Notifier notifier, IReadOnlyDictionary<(string Name, bool IsGroup), Audience> audiences) : IAsyncDisposable
{
    private Task _telling = Task.CompletedTask;

    /// <summary>Tells all that is noted from now on.</summary>
    internal void Start(ChannelReader<VrrpNotice> notices) => _telling = Task.Run(() => TellAsync(notices));

    /// <summary>Waits until the last note was told: who writes them must have ended.</summary>
    public async ValueTask DisposeAsync() => await _telling.ConfigureAwait(false);

    /// <summary>What a step means for scripts and FIFOs; null: nothing.</summary>
    internal static NoticeKind? KindOf(in XdpLvs.Vrrp.Notice what) =>
        (what.IsTransition, what.After, what.Reason) switch
        {
            (false, Role.Active, Reason.LowerPriority) => NoticeKind.MasterHeardLower,
            (false, Role.Active, Reason.PriorityChanged) => NoticeKind.MasterPriority,
            (false, Role.Backup, Reason.PriorityChanged) => NoticeKind.BackupPriority,
            (false, _, _) => null,
            (_, Role.Active, _) => NoticeKind.Master,
            (_, Role.Backup, _) => NoticeKind.Backup,
            (_, Role.Fault, _) => NoticeKind.Fault,
            (_, Role.Leaving, _) => NoticeKind.Stop,
            _ => what.Before == Role.Leaving ? null : NoticeKind.Stop, // who was leaving has said so
        };

    private async Task TellAsync(ChannelReader<VrrpNotice> notices)
    {
        await foreach (VrrpNotice notice in notices.ReadAllAsync().ConfigureAwait(false))
        {
            if (KindOf(notice.What) is { } kind
                && audiences.TryGetValue((notice.Name, notice.IsGroup), out Audience? audience)
                && (audience.TellsPriority || kind is not (NoticeKind.MasterPriority or NoticeKind.BackupPriority)))
            {
                notifier.Tell(new Notice(notice.IsGroup, notice.Name, kind, notice.What.Priority), audience.Scripts);
            }
        }
    }
}
