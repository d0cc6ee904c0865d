using System;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Fragmentation;

/// <summary>Bounded in frames, octets, seconds and frames of one source, and nothing lost or given out twice.</summary>
public sealed class FragmentHoldTests : IDisposable
{
    private const uint Now = 1000;

    private readonly FragmentTable _table = new(1024, new Random(1));
    private readonly FragmentHold _hold;
    private readonly Frame[] _frames = new Frame[64];
    private readonly Packet[] _packets = new Packet[64];

    public FragmentHoldTests() => _hold = new FragmentHold(_table);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void It_is_full_when_the_octets_are()
    {
        int frames = 0;
        while (!_hold.IsFull(9000))
        {
            _hold.Add(new Frame((ulong)frames, 9000), Packet(frames), Now);
            frames++;
        }

        Assert.Equal(FragmentHold.OctetsMax / 9000, frames);
        Assert.Equal(0ul, _hold.TakeOldest().Address);
        Assert.False(_hold.IsFull(9000));
    }

    [Fact]
    public void An_empty_one_takes_a_frame_of_any_length() => Assert.False(_hold.IsFull(FragmentHold.OctetsMax + 1));

    [Fact]
    public void It_is_full_when_the_frames_are()
    {
        for (int i = 0; i < FragmentHold.FramesMax; i++)
        {
            Assert.False(_hold.IsFull(1));
            _hold.Add(new Frame((ulong)i, 1), Packet(i), Now);
        }

        Assert.True(_hold.IsFull(1));
    }

    [Fact]
    public void Only_what_is_ready_is_taken_and_the_rest_keeps_its_order()
    {
        for (int i = 0; i < 10; i++)
        {
            _hold.Add(new Frame((ulong)i, 100), Packet(i), Now + (uint)i);
        }

        Assert.True(_hold.IsDue(Now) || _table.Generation == 0);
        Assert.Equal(0, Take(Now));
        Assert.False(_hold.IsDue(Now));
        _table.Remember(Packet(4).Fragment, 1, Now);
        _table.Remember(Packet(8).Fragment, 1, Now);
        Assert.True(_hold.IsDue(Now));
        Assert.Equal(2, Take(Now));
        Assert.Equal((4ul, 8ul), (_frames[0].Address, _frames[1].Address));
        Assert.Equal(Packet(8).Fragment, _packets[1].Fragment);
        Assert.Equal((8, 0ul, 1ul), (_hold.Count, _hold.TakeOldest().Address, _hold.TakeOldest().Address));
        Assert.False(_hold.IsDue(Now + FragmentHold.Ticks + 1)); // the oldest is frame 2 now
        Assert.True(_hold.IsDue(Now + FragmentHold.Ticks + 2));
        Assert.Equal(1, Take(Now + FragmentHold.Ticks + 2));
        Assert.Equal(5, Take(Now + FragmentHold.Ticks + 20));
        Assert.Equal(0, _hold.Count);
    }

    [Fact]
    public void What_does_not_fit_is_due_the_next_time()
    {
        for (int i = 0; i < 150; i++)
        {
            _hold.Add(new Frame((ulong)i, 100), Packet(i), Now);
            _table.Remember(Packet(i).Fragment, 1, Now);
        }

        Assert.Equal((64, true), (Take(Now), _hold.IsDue(Now)));
        Assert.Equal((64, true), (Take(Now), _hold.IsDue(Now)));
        Assert.Equal((22, false), (Take(Now), _hold.IsDue(Now)));
    }

    [Fact]
    public void A_source_s_allowance_comes_back_however_its_frames_leave()
    {
        Packet packet = Packet(1);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < FragmentHold.FramesPerSourceMax; i++)
            {
                Assert.True(_hold.Accepts(packet));
                _hold.Add(new Frame((ulong)i, 100), packet, Now);
            }

            Assert.False(_hold.Accepts(packet));
            _hold.TakeOldest();
            Assert.True(_hold.Accepts(packet));
            Assert.Equal(FragmentHold.FramesPerSourceMax - 1, Take(Now + FragmentHold.Ticks));
        }
    }

    /// <summary>The second piece of a packet of its own from a source of its own.</summary>
    private static Packet Packet(int number) => new()
    {
        Source = (uint)number,
        Flow = FlowId.ForV4((uint)number, 0, 0xC0000250u, 0, 17),
        Identification = 1,
        Protocol = 17,
        IsV4 = true,
    };

    private int Take(uint now) => _hold.TakeReady(_frames, _packets, now);
}
