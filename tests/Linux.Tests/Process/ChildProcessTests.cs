using System;
using Xunit;
using XdpLvs.Linux.Process;

namespace XdpLvs.Linux.Tests.Process;

/// <summary>A process that is ours until it is reaped.</summary>
public sealed class ChildProcessTests
{
    [Fact]
    public void Its_end_can_be_looked_at_again_and_again_before_it_is_reaped()
    {
        using ChildProcess child = Start("exit 7");
        WaitForEnd(child);

        for (int i = 0; i < 3; i++)
        {
            Assert.True(child.TryPeekExit(out ExitStatus status));
            Assert.Equal(new ExitStatus(7, IsSignal: false), status);
        }
    }

    [Fact]
    public void A_signal_to_its_group_ends_it_and_is_its_status()
    {
        using ChildProcess child = Start("sleep 60");
        Assert.False(child.TryPeekExit(out _));

        child.SignalGroup(ChildProcess.SIGKILL);
        WaitForEnd(child);

        Assert.True(child.TryPeekExit(out ExitStatus status));
        Assert.Equal(new ExitStatus(ChildProcess.SIGKILL, IsSignal: true), status);
    }

    [Fact]
    public void What_is_no_program_has_its_errno()
    {
        Assert.Equal(Errno.ENOENT, ChildProcess.TryStart(["/nowhere"], [], out ChildProcess? child));
        Assert.Null(child);
        Assert.Equal(Errno.EACCES, ChildProcess.TryStart(["/etc/passwd"], [], out _));
    }

    [Fact]
    public void Root_is_known_by_name_and_number_and_nobody_else_is_made_up()
    {
        Assert.Equal(Account.Find("root"), Account.Find(0));
        Assert.Equal(0u, Account.FindGroup("root"));
        Assert.Null(Account.Find("no such user"));
        Assert.Null(Account.FindGroup("no such group"));
    }

    private static ChildProcess Start(string text)
    {
        int errno = ChildProcess.TryStart(["/bin/sh", "-c", text], ["PATH=/bin:/usr/bin"], out ChildProcess? child);
        Assert.Equal(0, errno);
        return child!;
    }

    private static void WaitForEnd(ChildProcess child)
    {
        Span<PollSlot> slots = [new PollSlot { Descriptor = child.End.Number, Wanted = PollSlot.In }];
        Assert.Equal(1, Syscalls.Poll(slots, 20_000_000));
    }
}
