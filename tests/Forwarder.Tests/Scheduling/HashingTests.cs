using System;
using System.Linq;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>sh and dh: an address says who, in the kernel's 256 buckets.</summary>
public sealed class HashingTests
{
    private const SchedulerKind Sh = SchedulerKind.SourceHashing, Dh = SchedulerKind.DestinationHashing;

    /// <summary>word * 0x61C88647, the upper eight bits: worked out by hand.</summary>
    [Theory]
    [InlineData(0x0000_0000u, 0x00)]
    [InlineData(0x0000_0001u, 0x61)] // 61C88647
    [InlineData(0x0000_0002u, 0xC3)] // C3910C8E
    [InlineData(0x0000_0003u, 0x25)] // 1 2559 92D5
    [InlineData(0x0001_0000u, 0x86)] // 61C8 8647 0000
    [InlineData(0xFFFF_FFFFu, 0x9E)] // -61C88647
    public void A_bucket_is_the_upper_bits_of_a_product(uint word, int bucket) =>
        Assert.Equal(bucket, KernelHash.BucketOf(word));

    [Fact]
    public void Sh_fills_buckets_from_the_last_added_on_each_server_by_its_weight()
    {
        VirtualService service = new Farm(Sh).With(3, 1, 2).Service;

        Assert.Equal(256, service.Lookup.Length);
        Assert.Equal<ushort>([2, 2, 1, 0, 0, 0, 2, 2, 1, 0, 0, 0, 2], service.Lookup.Take(13));
    }

    [Fact]
    public void Sh_leaves_a_drained_server_one_bucket_in_each_round() =>
        Assert.Equal<ushort>([2, 2, 1, 0, 2, 2, 1, 0], new Farm(Sh).With(1, 0, 2).Service.Lookup.Take(8));

    [Fact]
    public void Dh_fills_buckets_without_asking_weights() =>
        Assert.Equal<ushort>([2, 1, 0, 2, 1, 0, 2], new Farm(Dh).With(3, 0, 2).Service.Lookup.Take(7));

    [Fact]
    public void Sh_sends_a_client_where_its_bucket_says()
    {
        Farm farm = new Farm(Sh).With(3, 1, 2);
        int[] buckets = KernelTables.SourceBuckets([Head(2, 2), Head(1, 1), Head(0, 3)]);
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            uint client = (uint)random.NextInt64();
            Assert.Equal(buckets[KernelHash.BucketOf(client)], farm.Choose(client, (ushort)random.Next(65_536)));
        }
    }

    [Fact]
    public void Sh_port_adds_the_client_s_port()
    {
        Farm farm = new Farm(Sh, SchedulerSwitches.UsePort).With(1, 1, 1);
        int[] buckets = KernelTables.SourceBuckets([Head(2, 1), Head(1, 1), Head(0, 1)]);
        for (int port = 1; port < 65_536; port += 101)
        {
            Assert.Equal(buckets[KernelHash.BucketOf(Client + (uint)port)], farm.Choose(Client, (ushort)port));
            Assert.Equal(buckets[KernelHash.BucketOf((uint)port - 1)], farm.Choose(uint.MaxValue, (ushort)port));
        }
    }

    [Fact]
    public void Without_fallback_the_clients_of_a_server_that_takes_nothing_are_refused()
    {
        Farm farm = new Farm(Sh).With(1, 1, 1);
        uint[] clients = [.. Enumerable.Range(0, 300).Select(n => Client + (uint)n)];
        int[] before = [.. clients.Select(client => farm.Choose(client))];
        farm.Overload(1);

        Assert.Equal(before.Select(number => number == 1 ? -1 : number), clients.Select(client => farm.Choose(client)));
        farm.SetWeight(0, 0);
        Assert.Equal(before.Select(number => number == 2 ? 2 : -1), clients.Select(client => farm.Choose(client)));
    }

    [Fact]
    public void With_fallback_they_go_around_the_table_from_twice_their_bucket_on()
    {
        Farm farm = new Farm(Sh, SchedulerSwitches.Fallback).With(3, 1, 2);
        int[] buckets = KernelTables.SourceBuckets([Head(2, 2), Head(1, 1), Head(0, 3)]);
        farm.Overload(2);
        for (uint client = 0; client < 3000; client++)
        {
            int first = KernelHash.BucketOf(client), expected = buckets[first];
            for (int bucket = first + first; expected == 2; bucket++)
            {
                expected = buckets[bucket % 256];
            }

            Assert.Equal(expected, farm.Choose(client));
        }
    }

    [Theory]
    [InlineData(Sh)]
    [InlineData(SchedulerKind.Maglev)]
    public void With_fallback_nobody_is_chosen_only_when_nobody_takes_connections(SchedulerKind kind)
    {
        Farm farm = new Farm(kind, SchedulerSwitches.Fallback).With(3, 1, 2);
        farm.SetWeight(0, 0);
        farm.Overload(1);
        Assert.All(Enumerable.Range(0, 500), n => Assert.Equal(2, farm.Choose(Client + (uint)n)));
        farm.SetWeight(2, 0);
        Assert.All(Enumerable.Range(0, 500), n => Assert.Equal(-1, farm.Choose(Client + (uint)n)));
    }

    [Fact]
    public void Dh_gives_a_service_one_server_and_refuses_while_that_takes_nothing()
    {
        Farm farm = new Farm(Dh).With(1, 1, 1);
        int expected = 2 - (KernelHash.BucketOf(Vip) % 3);
        Assert.All(Enumerable.Range(0, 50), n => Assert.Equal(expected, farm.Choose(Client + (uint)n, (ushort)n)));

        farm.SetWeight((ushort)expected, 0);
        Assert.Equal(-1, farm.Choose());
        farm.SetWeight((ushort)expected, 1);
        Assert.Equal(-1, farm.Overload((ushort)expected).Choose());
    }

    [Fact]
    public void Dh_knows_addresses_apart() =>
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 20)
            .Select(n => new Farm(Dh, key: Web with { Address = Vip + (uint)n }).With(1, 1, 1).Choose())
            .Distinct().Order());

    /// <summary>The four words of an IPv6 address, one over the other.</summary>
    [Theory]
    [InlineData("2001:db8::1", 0x2001_0DB8u ^ 1u)]
    [InlineData("2001:db8:1:2:3:4:5:6", 0x2001_0DB8u ^ 0x0001_0002u ^ 0x0003_0004u ^ 0x0005_0006u)]
    [InlineData("::ffff:198.51.100.1", 0x0000_FFFFu ^ 0xC633_6401u)]
    public void An_IPv6_address_is_folded(string text, uint folded)
    {
        IpAddress address = Farm.Address(text);
        Assert.Equal(folded, KernelHash.Fold(address, isV4: false));

        Farm farm = new Farm(Sh, key: Farm.WebV6).With(1, 1, 1);
        Assert.Equal(2 - (KernelHash.BucketOf(folded) % 3), farm.Choose(address));
        int byAddress = new Farm(Dh, key: Farm.WebV6 with { Address = address }).With(1, 1, 1).Choose();
        Assert.True(address.IsV4 || byAddress == 2 - (KernelHash.BucketOf(folded) % 3));
    }

    [Fact]
    public void Buckets_are_nobody_s_when_there_are_no_servers()
    {
        foreach (SchedulerKind kind in (SchedulerKind[])[Sh, Dh, SchedulerKind.Maglev])
        {
            VirtualService service = new Farm(kind, SchedulerSwitches.Fallback).Service;
            Assert.All(service.Lookup, bucket => Assert.Equal(Schedulers.Nobody, bucket));
            Assert.Equal(-1, new Farm(kind, SchedulerSwitches.Fallback).Choose());
        }
    }

    private static KernelDestination Head(ushort number, int weight) => new(number, 0, weight, weight);
}
