namespace XdpLvs.Forwarder;

/// <summary>What a client talks to: the key of a virtual service.</summary>
/// <param name="Address">Virtual address, host order.</param>
/// <param name="Port">Service port.</param>
/// <param name="Protocol">6 for TCP, 17 for UDP.</param>
public readonly record struct ServiceKey(uint Address, ushort Port, byte Protocol);

/// <summary>One client talking to one service.</summary>
/// <param name="ClientAddress">Host order.</param>
/// <param name="ClientPort">0 in a persistence template, which stands for all of a client's connections.</param>
/// <param name="Service">The service.</param>
public readonly record struct FlowKey(uint ClientAddress, ushort ClientPort, ServiceKey Service);
