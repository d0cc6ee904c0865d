using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>mh: the kernel's Maglev table.</summary>
public sealed class MaglevTests
{
    private const SchedulerKind Mh = SchedulerKind.Maglev;

    private static readonly Gen<(int Drawn, int Last)[]> AnyWeights =
        (from last in Gen.OneOf(Gen.Int[0, 4], Gen.Int[0, 300], Gen.Int[0, 65_535])
         from isDrained in Gen.Int[0, 4]
         select (isDrained == 0 ? 0 : last, last)).Array[1, 9];

    /// <summary>Linux lib/siphash_kunit.c, test_vectors_hsiphash for 64 bits: the fifth, four octets 0 to 3.</summary>
    [Fact]
    public void Hashes_as_the_kernel_s_test_vector_says() =>
        Assert.Equal(0x88D3_8328u, KernelHash.SipHash(0x0302_0100, 0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908));

    [Theory]
    [InlineData(8, 251)]
    [InlineData(9, 509)]
    [InlineData(10, 1021)]
    [InlineData(11, 2039)]
    [InlineData(12, 4093)]
    [InlineData(13, 8191)]
    [InlineData(14, 16_381)]
    [InlineData(15, 32_749)]
    [InlineData(16, 65_521)]
    [InlineData(17, 131_071)]
    public void The_index_says_how_large_the_table_is(int index, int size)
    {
        Farm farm = new Farm(new ServiceOptions { Scheduler = Mh, MaglevTableIndex = index }).With(3, 2, 1);

        int[] table = [.. farm.Service.Lookup.Select(place => (int)place)];
        Assert.Equal(Expected(farm, size, index / 2), table);
    }

    [Fact]
    public void The_table_has_4093_buckets_when_nobody_says_otherwise() =>
        Assert.Equal(4093, new Farm(Mh).With(1, 1).Service.Lookup.Length);

    [Fact]
    public void The_table_is_the_paper_s_with_the_kernel_s_hashes_for_any_weights() =>
        AnyWeights.Sample(
            weights =>
            {
                Farm farm = Drawn(weights);
                int[] table = [.. farm.Service.Lookup.Select(place => place == Schedulers.Nobody ? -1 : place)];
                Assert.Equal(Expected(farm, 4093, bits: 6), table);
            },
            seed: "0000KOIPe036", iter: 60, threads: 1);

    [Fact]
    public void Everybody_has_buckets_in_proportion_to_its_weight()
    {
        int[] table = [.. new Farm(Mh).With(50, 30, 20).Service.Lookup.Select(place => (int)place)];

        Assert.InRange(table.Count(number => number == 0), 2040, 2053);
        Assert.InRange(table.Count(number => number == 1), 1221, 1234);
        Assert.InRange(table.Count(number => number == 2), 812, 825);
    }

    [Fact]
    public void A_server_that_leaves_moves_few_clients_of_the_others()
    {
        Farm farm = new Farm(Mh).With(1, 1, 1, 1, 1);
        Dictionary<uint, int> before = Enumerable.Range(0, 5000).ToDictionary(n => (uint)n, n => farm.Choose((uint)n));
        farm.Remove(2);

        Assert.InRange(before.Count(it => it.Value != 2 && farm.Choose(it.Key) != it.Value), 1, 500);
    }

    [Fact]
    public void A_drained_server_keeps_its_buckets_and_its_clients_come_back()
    {
        Farm farm = new Farm(Mh).With(2, 1, 1);
        ushort[] table = [.. farm.Service.Lookup];
        farm.SetWeight(0, 0);

        Assert.Equal(table, farm.Service.Lookup);
        Assert.All(Enumerable.Range(0, 500), n => Assert.NotEqual(0, farm.Choose((uint)n)));
        Assert.Contains(-1, Enumerable.Range(0, 500).Select(n => farm.Choose((uint)n)));
    }

    [Fact]
    public void A_client_s_bucket_is_the_hash_of_its_address()
    {
        Farm farm = new Farm(Mh).With(1, 2, 3), byPort = new Farm(Mh, SchedulerSwitches.UsePort).With(1, 2, 3);
        for (int n = 1; n < 2000; n++)
        {
            uint client = Client + (uint)n;
            Assert.Equal(farm.Service.Lookup[(int)(Hash(client, 2654435761) % 4093)], farm.Choose(client, 999));
            Assert.Equal(farm.Service.Lookup[(int)(Hash(client + 999, 2654435761) % 4093)], byPort.Choose(client, 999));
        }
    }

    [Fact]
    public void With_fallback_the_hash_is_taken_again_with_a_growing_number()
    {
        Farm farm = new Farm(Mh, SchedulerSwitches.Fallback).With(5, 1, 2);
        farm.Overload(0);
        for (uint client = 0; client < 2000; client++)
        {
            uint first = Hash(client, 2654435761) % 4093, step = 0;
            int expected = farm.Service.Lookup[(int)first];
            while (expected == 0)
            {
                expected = farm.Service.Lookup[(int)(Hash(client + ((first + step) % 4093), 2654435761) % 4093)];
                step++;
            }

            Assert.Equal(expected, farm.Choose(client));
        }
    }

    [Fact]
    public void Addresses_of_both_families_and_the_service_s_port_make_the_table()
    {
        ServiceKey other = Web with { Port = 443 };

        Assert.NotEqual(new Farm(Mh).With(1, 1).Service.Lookup, new Farm(Mh, key: other).With(1, 1).Service.Lookup);
        IpAddress first = Farm.Address("2001:db8::1"), second = Farm.Address("2001:db8::2");
        var service = new VirtualService(Farm.WebV6, new ServiceOptions { Scheduler = Mh }, new SchedulerMemory(),
            [Real(0) with { Address = first }, Real(1) with { Address = second }]);
        Assert.Equal(
            KernelTables.Maglev(
                [new(1, (0x2001_0DB8u ^ 2) + 80, 1, 1), new(0, (0x2001_0DB8u ^ 1) + 80, 1, 1)], 4093, 6, Hash),
            service.Lookup.Select(place => (int)place));
    }

    /// <summary>Servers whose last weight may not be their weight.</summary>
    private static Farm Drawn((int Drawn, int Last)[] weights)
    {
        var farm = new Farm(Mh);
        for (ushort number = 0; number < weights.Length; number++)
        {
            farm.Add(number, weights[number].Last);
            farm.SetWeight(number, weights[number].Drawn);
        }

        return farm;
    }

    private static int[] Expected(Farm farm, int size, int bits)
    {
        KernelDestination[] list = [.. farm.Service.Reals.Reverse()
            .Select(real => new KernelDestination(real.Number, real.Address.V4 + 80, real.Weight, real.LastWeight))];
        return list.All(one => one.LastWeight == 0)
            ? [.. Enumerable.Repeat(-1, size)]
            : KernelTables.Maglev(list, size, bits, Hash);
    }

    private static uint Hash(uint word, ulong key) => KernelHash.SipHash(word, key, key);
}
