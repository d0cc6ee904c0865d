using XdpLvs.Linux;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>The same 128 bits under the names of two projects that do not know each other.</summary>
internal static class AddressMapping
{
    /// <summary>For the election.</summary>
    internal static VrrpAddress ToVrrp(this IpAddress address) => new(address.High, address.Low);

    /// <summary>For the kernel.</summary>
    internal static IpAddress ToLinux(this VrrpAddress address) => new(address.High, address.Low);
}
