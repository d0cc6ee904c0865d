using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Rings;

/// <summary>An interface as the rings need to know it.</summary>
/// <param name="Index">Kernel's number.</param>
/// <param name="Name">Kernel's name, for messages.</param>
/// <param name="Mac">Its own MAC: only frames to it are ours.</param>
/// <param name="Mtu">Octets above the Ethernet header.</param>
/// <param name="Queues">Receive queues.</param>
public readonly record struct Nic(int Index, string Name, MacAddress Mac, uint Mtu, int Queues);
