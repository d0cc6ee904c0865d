using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tests.Scripts;

namespace XdpLvs.Director.Tests.Notify;

/// <summary>What scripts and readers of FIFOs are told: keepalived's words, in order, and nobody waits.</summary>
public sealed class NotifierTests : IDisposable
{
    private static readonly Notice Master = new(IsGroup: false, "VI_1", NoticeKind.Master, 105);

    private readonly ScriptFolder _folder = new();
    private readonly ScriptRunner _runner = new("notify-test", runningMax: 8, waitingMax: 64);
    private readonly ConcurrentQueue<string> _complaints = new();

    private string FifoPath => _folder.Path + "/fifo";

    public void Dispose()
    {
        _runner.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, NoticeKind.Master, 105, "INSTANCE \"VI_1\" MASTER 105\n")]
    [InlineData(false, NoticeKind.Backup, 90, "INSTANCE \"VI_1\" BACKUP 90\n")]
    [InlineData(false, NoticeKind.Fault, 90, "INSTANCE \"VI_1\" FAULT 90\n")]
    [InlineData(false, NoticeKind.Stop, 105, "INSTANCE \"VI_1\" STOP 105\n")]
    [InlineData(false, NoticeKind.MasterHeardLower, 105, "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 105\n")]
    [InlineData(false, NoticeKind.MasterPriority, 85, "INSTANCE \"VI_1\" MASTER_PRIORITY 85\n")]
    [InlineData(false, NoticeKind.BackupPriority, 85, "INSTANCE \"VI_1\" BACKUP_PRIORITY 85\n")]
    [InlineData(true, NoticeKind.Backup, 105, "GROUP \"VI_1\" BACKUP 0\n")]
    internal void A_line_for_a_fifo_is_keepaliveds(bool isGroup, NoticeKind kind, byte priority, string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(FifoLines.Of(new Notice(isGroup, "VI_1", kind, priority))));

    [Fact]
    public void A_line_about_servers_is_keepaliveds()
    {
        Assert.Equal(
            "VS [10.9.0.100]:tcp:80 UP\n",
            Encoding.UTF8.GetString(FifoLines.VirtualServer("[10.9.0.100]:tcp:80", isUp: true)));
        Assert.Equal(
            "RS [10.9.0.11]:tcp:80 [10.9.0.100]:tcp:80 DOWN\n",
            Encoding.UTF8.GetString(FifoLines.RealServer("[10.9.0.11]:tcp:80", "[10.9.0.100]:tcp:80", isUp: false)));
    }

    [Fact]
    public void The_script_of_the_state_comes_first_and_the_general_one_gets_four_words_more()
    {
        Script own = _folder.Shell("", "my", "words"), any = _folder.Shell("", "mine");
        var scripts = new NotifyScripts { Master = own, Any = any };

        Script[] run = [.. scripts.For(Master)];

        Assert.Equal(["my", "words"], run[0].Arguments.Skip(1));
        Assert.Equal(["mine", "INSTANCE", "VI_1", "MASTER", "105"], run[1].Arguments.Skip(1));
    }

    [Fact]
    public void A_deleted_instance_runs_the_fault_script_unless_it_has_its_own()
    {
        Script fault = _folder.Shell(""), deleted = _folder.Shell("");
        Notice notice = Master with { Kind = NoticeKind.Deleted };

        Assert.Equal([fault], new NotifyScripts { Fault = fault }.For(notice));
        Assert.Equal([deleted], new NotifyScripts { Fault = fault, Deleted = deleted }.For(notice));
    }

    [Fact]
    public void A_changed_priority_is_no_state_and_runs_no_script()
    {
        var scripts = new NotifyScripts { Master = _folder.Shell(""), Any = _folder.Shell("") };

        Assert.Empty(scripts.For(Master with { Kind = NoticeKind.MasterPriority }));
        Assert.Empty(scripts.For(Master with { Kind = NoticeKind.MasterHeardLower }));
    }

    [Fact]
    public async Task Scripts_really_run_and_a_daemon_that_ends_lets_them_finish()
    {
        var scripts = new NotifyScripts { Any = _folder.Shell($"sleep 0.1; echo \"$@\" >> {_folder.Output}") };
        using (var notifier = new Notifier(_runner, _complaints.Enqueue))
        {
            notifier.Tell(Master with { Kind = NoticeKind.Stop }, scripts);
        }

        await Eventually.Async(() => _folder.Written.Length > 0, "the script never ran");
        Assert.Equal("INSTANCE VI_1 STOP 105\n", _folder.Written);
    }

    [Fact]
    public async Task The_script_of_a_fifo_reads_all_lines_in_order_and_then_the_end()
    {
        Script reader = _folder.Shell($"while read -r line; do echo \"$line\" >> {_folder.Output}; done < \"$1\"; "
            + $"echo end >> {_folder.Output}");
        using (var notifier = new Notifier(_runner, _complaints.Enqueue, all: Open(reader)))
        {
            await Eventually.Async(
                () => Directory.EnumerateFiles(_folder.Path).Any(path => path == FifoPath), "there is no FIFO");
            for (byte priority = 1; priority <= 200; priority++)
            {
                notifier.Tell(Master with { Priority = priority }, NotifyScripts.None);
            }

            notifier.TellRealServer("[10.9.0.11]:tcp:80", "[10.9.0.100]:tcp:80", isUp: true, null);
            await Eventually.Async(() => _folder.Written.Contains("RS ", StringComparison.Ordinal), "not all was read");
        }

        await Eventually.Async(() => _folder.Written.EndsWith("end\n", StringComparison.Ordinal), "no end was read");
        string[] lines = _folder.Written.Split('\n');
        Assert.Equal(
            Enumerable.Range(1, 200).Select(priority => $"INSTANCE \"VI_1\" MASTER {priority}"), lines.Take(200));
        Assert.Equal("RS [10.9.0.11]:tcp:80 [10.9.0.100]:tcp:80 UP", lines[200]);
        Assert.False(File.Exists(FifoPath), "a FIFO that was made here goes with its maker");
    }

    [Fact]
    public void Lines_that_nobody_reads_are_lost_counted_and_told_once()
    {
        using NotifyFifo fifo = Open(null);
        byte[] line = FifoLines.Of(Master with { Name = new string('x', 1000) });

        for (int i = 0; i < 5_000; i++)
        {
            fifo.Write(line);
        }

        Assert.InRange(fifo.Lost, 1, 4_999);
        Assert.Equal($"FIFO {FifoPath}: nobody reads it; lines are being lost", Assert.Single(_complaints));
    }

    [Fact]
    public void A_line_that_cannot_be_kept_whole_is_not_written_in_part()
    {
        using NotifyFifo fifo = Open(null);

        fifo.Write(FifoLines.Of(Master with { Name = new string('x', 5_000) }));

        Assert.Equal(1, fifo.Lost);
    }

    [Fact]
    public void A_file_that_is_no_fifo_is_refused_and_left_alone()
    {
        File.WriteAllText(FifoPath, "precious");

        Assert.Contains("is no FIFO", Assert.Throws<IOException>(() => Open(null)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(FifoPath));
    }

    [Fact]
    public async Task The_script_of_a_fifo_that_ends_is_started_again_later()
    {
        var time = new ManualTime();
        Script once = _folder.Shell($"echo began >> {_folder.Output}");
        using NotifyFifo fifo = Open(once, time);
        await Eventually.Async(() => !_complaints.IsEmpty, "its end went unnoticed");
        Assert.Equal("began\n", _folder.Written);

        time.Fire();

        await Eventually.Async(() => _folder.Written == "began\nbegan\n", "it was not started again");
    }

    private NotifyFifo Open(Script? script, TimeProvider? time = null) =>
        new(FifoPath, ScriptUser.Own, script, _runner, _complaints.Enqueue, time ?? TimeProvider.System);

    /// <summary>Its only timer fires when the test says so.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private TimerCallback? _callback;

        public void Fire() => _callback!(null);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = callback;
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
        }
    }
}
