using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using XdpLvs.Vrrp;

namespace XdpLvs.Fuzz.Doors;

/// <summary>The VRRP socket: what another router says, or somebody who plays one.</summary>
internal sealed class AdvertDoor : IFuzzDoor
{
    private const int EthernetSize = 14;

    private static readonly VrrpSettings Self = new()
    {
        Name = "VI_1",
        Vrid = 51,
        SourceAddress = 0xC0A8_0565,
        Addresses = [0xC0A8_0564],
        Authentication = Authentication.Password("1111"u8),
    };

    private readonly AdvertExpectation _expected = AdvertExpectation.Of(Self);

    public string Name => "advert";

    public int InputsPerMillion => 500_000;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "golden.txt"))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => Convert.FromHexString(line.Trim())[EthernetSize..]),
    ];

    public string Feed(byte[] input)
    {
        bool hasVrid = AdvertReader.TryReadVrid(input, out byte vrid);
        AdvertFault fault = AdvertReader.Read(input, _expected, out Advert advert);
        if (fault == AdvertFault.None && (!hasVrid || vrid != Self.Vrid))
        {
            throw new BrokenRuleException($"an advert for router {vrid} is taken for one of {Self.Vrid}");
        }

        return fault == AdvertFault.None ? "taken" : $"refused: {fault}{(advert == default ? "" : ", and yet read")}";
    }

    public void Dispose()
    {
        // nothing is held
    }
}
