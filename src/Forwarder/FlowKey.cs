using XdpLvs.Linux;

namespace XdpLvs.Forwarder;

/// <summary>What a client talks to: the key of a virtual service.</summary>
/// <param name="Address">Virtual address.</param>
/// <param name="Port">Service port; 0 in a service of all ports.</param>
/// <param name="Protocol">6 for TCP, 17 for UDP, 132 for SCTP.</param>
public readonly record struct ServiceKey(IpAddress Address, ushort Port, byte Protocol);

/// <summary>One client talking to one service.</summary>
/// <param name="ClientAddress">Whole, or masked in a persistence template.</param>
/// <param name="ClientPort">0 in a persistence template, which stands for all of a client's connections.</param>
/// <param name="Service">Of a flow: with the port that the client talks to, also where the service is one of all
/// ports.</param>
public readonly record struct FlowKey(IpAddress ClientAddress, ushort ClientPort, ServiceKey Service);
