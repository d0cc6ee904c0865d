using XdpLvs.Director.Commands.Ipvsadm;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>What every system knows, and what none does.</summary>
public sealed class SystemNamesTests
{
    private readonly SystemNames _names = new();

    [Fact]
    public void Localhost_is_known() => Assert.Equal(0x7F000001u, _names.Address("localhost")!.Value.V4);

    [Fact]
    public void The_unspecified_address_has_no_name() => Assert.Null(_names.Host(0u));

    [Fact]
    public void What_can_be_no_name_is_nobody_s() => Assert.Null(_names.Address(new string('x', 300)));
}
