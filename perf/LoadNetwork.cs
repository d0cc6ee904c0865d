using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using XdpLvs.Lab;

namespace XdpLvs.Perf;

/// <summary>
/// A director and a station on one cable: the station plays all clients and all real servers, so a frame crosses the
/// cable to the director and crosses it back, as on a director with one NIC.
/// </summary>
internal sealed class LoadNetwork : IDisposable
{
    /// <summary>The director's card.</summary>
    internal const string DirectorLink = "lan";

    /// <summary>The station's card.</summary>
    internal const string StationLink = "load";

    /// <summary>The virtual address, 10.9.1.1.</summary>
    internal const uint Vip = 0x0A090101;

    /// <summary>Behind the director by plain routing, 10.8.0.1.</summary>
    internal const uint Routed = 0x0A080001;

    private static readonly byte[] DirectorMac = [2, 0, 0, 0, 9, 1], StationMac = [2, 0, 0, 0, 9, 2];
    private static readonly byte[] RealMac = [2, 0, 0, 0, 9, 3], NobodyMac = [2, 0, 0, 0, 9, 9];

    private LoadNetwork(LabNetwork lab, LabHost director, LabHost station) =>
        (Lab, Director, Station) = (lab, director, station);

    /// <summary>Both hosts.</summary>
    internal LabNetwork Lab { get; }

    /// <summary>Where the daemon runs.</summary>
    internal LabHost Director { get; }

    /// <summary>The other end of its cable.</summary>
    internal LabHost Station { get; }

    /// <summary>To the service.</summary>
    internal static LoadFrames ToService { get; } = To(Vip);

    /// <summary>Through the director's kernel.</summary>
    internal static LoadFrames ToRoute { get; } = To(Routed);

    /// <summary>To the director's end of the cable and no further: no station has that address.</summary>
    internal static LoadFrames ToNobody { get; } = new(StationMac, NobodyMac, Vip);

    /// <summary>One UDP service at <see cref="Vip"/> with four real servers, none of them checked.</summary>
    internal static string Config { get; } = "global_defs {\n    new_flows_per_second 0\n}\n"
        + "virtual_server 10.9.1.1 80 {\n    lb_algo rr\n    lb_kind DR\n    protocol UDP\n"
        + string.Concat(Enumerable.Range(11, 4).Select(last =>
            $"    real_server 10.9.0.{last} 80 {{\n        weight 1\n    }}\n"))
        + "}\n";

    /// <summary>Builds it.</summary>
    /// <exception cref="LabException">This machine cannot, or ethtool is missing.</exception>
    internal static LoadNetwork Build()
    {
        var lab = new LabNetwork("xdplvs-load");
        try
        {
            LabHost director = lab.AddHost("director"), station = lab.AddHost("station");
            director.Connect(DirectorLink, station, StationLink);
            director.Ip(
                $"link set {DirectorLink} address {Text(DirectorMac)}", $"addr add 10.9.0.1/16 dev {DirectorLink}");
            station.Ip($"link set {StationLink} address {Text(StationMac)}", $"link set {StationLink} arp off");
            IEnumerable<string> neighbours = Enumerable.Range(11, 4).Select(last =>
                $"neigh add 10.9.0.{last} lladdr {Text(RealMac)} dev {DirectorLink} nud permanent");
            director.Ip([.. neighbours, $"route add 10.8.0.0/16 via 10.9.0.11 dev {DirectorLink}"]);
            director.SetSysctl("net/ipv4/ip_forward", 1);
            foreach (string scope in (string[])["all", DirectorLink])
            {
                director.SetSysctl($"net/ipv4/conf/{scope}/send_redirects", 0);
                director.SetSysctl($"net/ipv4/conf/{scope}/rp_filter", 0);
            }

            station.Exec("ethtool", "-K", StationLink, "gro", "on").OrThrow(); // else it takes no redirected frames
            return new LoadNetwork(lab, director, station);
        }
        catch
        {
            lab.Dispose();
            throw;
        }
    }

    /// <summary>To any address, by the director.</summary>
    internal static LoadFrames To(uint address) => new(StationMac, DirectorMac, address);

    /// <inheritdoc/>
    public void Dispose() => Lab.Dispose();

    private static string Text(byte[] mac) =>
        string.Join(':', mac.Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture)));
}
