using System;
using System.Buffers.Binary;
using Xunit;
using XdpLvs.Linux.Process;

namespace XdpLvs.Linux.Tests.Process;

/// <summary>Datagrams of the process connector: linux/cn_proc.h, octet by octet.</summary>
public sealed class ProcessEventTests
{
    private const uint Fork = 1, Exec = 2, Uid = 4, Comm = 0x200, Exit = 0x8000_0000;

    [Theory]
    [InlineData(Fork, new[] { 10, 11, 20, 20 }, ProcessEventKind.Forked, 20, 11)]
    [InlineData(Exec, new[] { 20, 20, 0, 0 }, ProcessEventKind.Changed, 20, 0)]
    [InlineData(Comm, new[] { 20, 20, 0x6161, 0 }, ProcessEventKind.Changed, 20, 0)]
    [InlineData(Exit, new[] { 20, 20, 9, 17 }, ProcessEventKind.Exited, 20, 0)]
    [InlineData(0u, new[] { 1, 0, 0, 0 }, ProcessEventKind.Answer, 1, 0)]
    public void Events_of_processes_are_read(uint what, int[] words, ProcessEventKind kind, int process, int parent)
    {
        Assert.True(ProcessEvent.TryRead(Datagram(what, words), out ProcessEvent happened));

        Assert.Equal(new ProcessEvent(kind, process, parent), happened);
    }

    [Theory]
    [InlineData(Fork, new[] { 10, 10, 21, 20 })]
    [InlineData(Comm, new[] { 21, 20, 0, 0 })]
    [InlineData(Exit, new[] { 21, 20, 0, 0 })]
    [InlineData(Uid, new[] { 20, 20, 0, 0 })]
    public void Threads_and_what_does_not_matter_are_passed_over(uint what, int[] words) =>
        Assert.False(ProcessEvent.TryRead(Datagram(what, words), out _));

    [Fact]
    public void Every_cut_datagram_is_refused()
    {
        byte[] datagram = Datagram(Exit, [20, 20, 0, 0]);
        for (int length = 0; length < datagram.Length; length++)
        {
            Assert.False(ProcessEvent.TryRead(datagram.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_datagram_of_another_connector_is_refused()
    {
        byte[] datagram = Datagram(Exit, [20, 20, 0, 0]);
        datagram[16] = 2;

        Assert.False(ProcessEvent.TryRead(datagram, out _));
    }

    /// <summary>nlmsghdr 16, cn_msg 20, what 4, cpu 4, time 8, then the event's own words.</summary>
    private static byte[] Datagram(uint what, int[] words)
    {
        byte[] datagram = new byte[16 + 20 + 16 + (words.Length * 4)];
        Put(16, 1);
        Put(20, 1);
        Put(36, what);
        for (int i = 0; i < words.Length; i++)
        {
            Put(52 + (i * 4), (uint)words[i]);
        }

        return datagram;

        void Put(int offset, uint value)
        {
            if (BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(datagram.AsSpan(offset), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(offset), value);
            }
        }
    }
}
