using System;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>What some tests need of the machine; without it they are skipped with the reason.</summary>
internal static class Privilege
{
    internal static void NeedsRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: loads a BPF program or makes an interface");
}
