using System;
using System.Collections.Generic;
using System.Threading;
using CsCheck;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Linux;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Fragmentation;

/// <summary>Nothing found that was not remembered, nothing of another packet, bounded, and for all threads.</summary>
public sealed class FragmentTableTests : IDisposable
{
    private const uint Now = 1000, Lifetime = 300;

    private readonly FragmentTable _table = new(1024, new Random(1));

    public void Dispose() => _table.Dispose();

    [Fact]
    public void A_packet_is_found_with_its_real_server()
    {
        _table.Remember(Id(1), 7, Now);
        _table.Remember(Id(2), FragmentTable.Nobody, Now);

        Assert.Equal((7, FragmentTable.Nobody, -1), (Find(Id(1)), Find(Id(2)), Find(Id(3))));
    }

    [Fact]
    public void A_packet_is_told_from_others_by_all_four()
    {
        FragmentId id = Id(1);
        _table.Remember(id, 7, Now);
        FragmentId[] others =
        [
            id with { Source = 0x0A000002u }, id with { Target = 0xC0000251u }, id with { Identification = 2 },
            id with { Protocol = 6 }, id with { Source = new IpAddress(0x20010DB8_00000000, 1) },
            id with { Target = new IpAddress(0x20010DB8_00000000, 1) },
        ];

        Assert.All(others, other => Assert.Equal(-1, Find(other)));
    }

    [Fact]
    public void It_is_forgotten_when_the_kernel_would_give_up_waiting()
    {
        _table.Remember(Id(1), 7, Now);

        Assert.Equal((7, -1), (Find(Id(1), Now + Lifetime - 1), Find(Id(1), Now + Lifetime)));
    }

    [Fact]
    public void An_identification_used_again_counts_anew()
    {
        _table.Remember(Id(1), 7, Now);
        _table.Remember(Id(1), 8, Now + 200);

        Assert.Equal((8, 0L), (Find(Id(1), Now + Lifetime), _table.Evictions));
    }

    [Fact]
    public void One_source_fills_its_region_and_no_more()
    {
        for (uint i = 0; i < 100_000; i++)
        {
            _table.Remember(Id(i), 7, Now + (i / 1000));
        }

        int found = 0;
        for (uint i = 0; i < 100_000; i++)
        {
            found += Find(Id(i), Now + 100) >= 0 ? 1 : 0;
        }

        Assert.InRange(found, FragmentTable.EntriesPerSource * 3 / 4, FragmentTable.EntriesPerSource);
        Assert.InRange(_table.Evictions, 99_000, 100_000);
    }

    [Fact]
    public void The_newest_is_found_however_full_it_is()
    {
        for (uint i = 0; i < 10_000; i++)
        {
            _table.Remember(Id(i), (ushort)(i % 100), Now + i);
            Assert.Equal((int)(i % 100), Find(Id(i), Now + i));
        }
    }

    [Fact]
    public void A_table_full_of_others_takes_new_sources()
    {
        var random = new Random(5);
        for (int i = 0; i < 100_000; i++)
        {
            _table.Remember(Id((uint)i) with { Source = (uint)random.Next() }, 7, Now);
        }

        _table.Remember(Id(1) with { Source = 0xC6336401u }, 9, Now + 1);

        Assert.Equal(9, Find(Id(1) with { Source = 0xC6336401u }));
    }

    [Fact]
    public void Dead_entries_are_no_evictions()
    {
        for (uint i = 0; i < 10_000; i++)
        {
            _table.Remember(Id(i), 7, Now + (i * Lifetime));
        }

        Assert.Equal(0, _table.Evictions);
    }

    [Fact]
    public void The_generation_tells_that_something_came()
    {
        long before = _table.Generation;
        _table.Remember(Id(1), 7, Now);

        Assert.NotEqual(before, _table.Generation);
    }

    [Theory]
    [InlineData(1, 128)]
    [InlineData(128, 128)]
    [InlineData(129, 256)]
    [InlineData(1024, 1024)]
    public void The_size_is_the_next_power_of_two(int asked, int made)
    {
        using var table = new FragmentTable(asked, new Random(1));

        Assert.Equal(made, table.Capacity);
    }

    [Fact]
    public void It_agrees_with_a_dictionary_wherever_it_answers() =>
        Gen.Select(Gen.UInt[0, 40], Gen.UInt[0, 3], Gen.UShort, Gen.UInt[0, 40]).Array[1, 300].Sample(
            steps =>
            {
                using var table = new FragmentTable(256, new Random(3));
                Dictionary<FragmentId, (ushort Real, uint Until)> model = [];
                uint now = Now;
                foreach ((uint packet, uint source, ushort real, uint passed) in steps)
                {
                    now += passed;
                    FragmentId id = Id(packet) with { Source = source + 1 };
                    bool found = table.TryFind(id, now, out ushort told);
                    bool known = model.TryGetValue(id, out (ushort Real, uint Until) kept) && kept.Until > now;
                    Assert.True(found ? known && told == kept.Real : !known); // so few that none is evicted
                    table.Remember(id, real, now);
                    model[id] = (real, now + Lifetime);
                }
            },
            seed: "0000KOIPe036", iter: 300, threads: 1);

    [Fact]
    public void Threads_never_see_a_packet_that_nobody_remembered()
    {
        using var table = new FragmentTable(256, new Random(2)); // small: slots change hands all the time
        var wrong = new List<string>();
        var threads = new Thread[4];
        for (int t = 0; t < threads.Length; t++)
        {
            int seed = t;
            threads[t] = new Thread(() => Work(table, new Random(seed), wrong));
            threads[t].Start();
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(wrong);
    }

    private static void Work(FragmentTable table, Random random, List<string> wrong)
    {
        for (int i = 0; i < 100_000; i++)
        {
            uint packet = (uint)random.Next(500);
            FragmentId id = Id(packet) with { Source = packet % 5 };
            if (random.Next(2) == 0)
            {
                table.Remember(id, (ushort)(packet + 1), Now + (uint)(i / 100));
            }
            else if (table.TryFind(id, Now, out ushort real) && real != packet + 1)
            {
                lock (wrong)
                {
                    wrong.Add($"packet {packet} goes to {real}");
                }
            }
        }
    }

    private static FragmentId Id(uint identification) => new(0x0A000001u, 0xC0000250u, identification, 17);

    private int Find(in FragmentId id, uint now = Now) => _table.TryFind(id, now, out ushort real) ? real : -1;
}
