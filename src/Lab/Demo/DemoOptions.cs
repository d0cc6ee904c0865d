namespace XdpLvs.Lab.Demo;

/// <summary>What the operator asked of the demo.</summary>
/// <param name="Executable">Path of xdplvs; a .dll is run with dotnet.</param>
/// <param name="Io">How the directors take frames: auto, xdp, xdp-generic or packet.</param>
/// <param name="Prefix">First part of the namespaces' names: labs of different names live side by side.</param>
/// <param name="Keep">Leaves the network and both directors running at the end.</param>
internal sealed record DemoOptions(string Executable, string Io, string Prefix, bool Keep);
