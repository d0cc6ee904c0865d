using System.Collections.Generic;

namespace XdpLvs.Lab;

/// <summary>
/// The small network of many an LVS-DR tutorial: two directors, two real servers, a client, one switch.
/// </summary>
public static class TutorialNetwork
{
    /// <summary>The virtual address that youxi1 masters.</summary>
    public const string Vip = "192.168.5.100";

    /// <summary>The second virtual address, mastered by youxi2 in the mutual variant.</summary>
    public const string SecondVip = "192.168.5.105";

    /// <summary>Names of the two directors.</summary>
    public static readonly IReadOnlyList<string> Directors = ["youxi1", "youxi2"];

    /// <summary>Names of the two real servers.</summary>
    public static readonly IReadOnlyList<string> RealServers = ["youxi3", "youxi4"];

    /// <summary>Name of the client.</summary>
    public const string Client = "client";

    /// <summary>Builds it. The real servers carry both virtual addresses on lo, and keep quiet about it.</summary>
    /// <param name="prefix">First part of the namespaces' names.</param>
    /// <param name="endsOnSignal">See <see cref="LabNetwork"/>.</param>
    public static LabNetwork Build(string prefix, bool endsOnSignal = true)
    {
        var network = new LabNetwork(prefix, endsOnSignal);
        network.AddHost("youxi1", "192.168.5.101/24", "00:0c:29:00:00:65");
        network.AddHost("youxi2", "192.168.5.102/24", "00:0c:29:00:00:66");
        network.AddHost("youxi3", "192.168.5.103/24", "00:0c:29:00:00:67");
        network.AddHost("youxi4", "192.168.5.104/24", "00:0c:29:00:00:68");
        network.AddHost(Client, "192.168.5.200/24", "00:0c:29:00:00:c8");
        foreach (string server in RealServers)
        {
            network[server].HideOnLoopback(Vip);
            network[server].HideOnLoopback(SecondVip);
        }

        return network;
    }
}
