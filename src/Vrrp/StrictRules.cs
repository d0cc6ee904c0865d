using System.Collections.Generic;

namespace XdpLvs.Vrrp;

/// <summary>keepalived's vrrp_strict: only what the RFC of the version knows.</summary>
public static class StrictRules
{
    /// <summary>What a configuration asks for that the RFC does not know; empty if it is strictly conformant.</summary>
    public static IReadOnlyList<string> Complaints(VrrpSettings self)
    {
        var found = new List<string>();
        void Want(bool isFine, string complaint)
        {
            if (!isFine)
            {
                found.Add($"({self.Name}) strict mode: {complaint}");
            }
        }

        bool isV3 = self.Version == VrrpVersion.Three;
        Want(!self.Addresses.IsEmpty, "at least one virtual address is needed");
        Want(!self.IsUnicast, "unicast peers are not supported");
        Want(self.Authentication.Type == AuthenticationType.None, "authentication is not supported");
        Want(isV3 || !self.IsV6, "VRRPv2 does not know IPv6");
        Want(
            !self.IsV6 || self.Addresses is [{ IsLinkLocalV6: true }, ..],
            "the first IPv6 virtual address must be link-local");
        Want(self.PreemptDelayMicroseconds == 0, "preempt_delay is not supported");
        return found;
    }

    /// <summary>The same configuration without keepalived's additions to the protocol.</summary>
    /// <remarks>
    /// One announcement when becoming active and no later ones (section 6.4.1), silence towards weaker routers and
    /// while yielding as in RFC 3768 and RFC 5798, addresses given up at once, no preempt delay.
    /// </remarks>
    public static VrrpSettings Apply(VrrpSettings self) => self with
    {
        Strict = true,
        PreemptDelayMicroseconds = 0,
        HigherPrioSendAdvert = false,
        LowerPrioNoAdvert = true,
        KeepUntilSuccessor = false,
        Announce = self.Announce with
        {
            Repeat = 1,
            DelayMicroseconds = 0,
            LowerPriorityRepeat = 0,
            RefreshMicroseconds = 0,
        },
    };
}
