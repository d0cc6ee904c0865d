using System;
using System.Linq;

namespace XdpLvs.Config;

using On = Options<VrrpInstance>;

/// <summary>The keywords of an instance about the virtual MAC address.</summary>
internal static class VmacRules
{
    /// <summary>The rules.</summary>
    public static Rule<Draft<VrrpInstance>>[] All { get; } =
    [
        On.Any("use_vmac", UseVmac, words: 2),
        On.Any("use_ipvlan", UseIpvlan, words: 3),
        On.Any("use_vmac_addr", (draft, _, _) => Change(draft, vmac => vmac with { ForAddresses = true }), words: 0),
        On.Any("vmac_xmit_base", (draft, _, _) => Change(draft, vmac => vmac with { TransmitByBase = true }), words: 0),
        On.Any("vrf", Vrf),
    ];

    private static void Change(Draft<VrrpInstance> draft, Func<VmacSettings, VmacSettings> change) =>
        draft.Model = draft.Model with { Vmac = change(draft.Model.Vmac ?? new VmacSettings()) };

    private static void UseVmac(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        Change(draft, vmac => vmac);
        foreach (Word word in statement.Words.Skip(1).Take(2))
        {
            if (word.Text.Contains(':'))
            {
                bool isMac = word.Text.Split(':') is { Length: 6 } parts
                    && parts.All(part => part.Length is 1 or 2 && part.All(char.IsAsciiHexDigit));
                if (isMac)
                {
                    Change(draft, vmac => vmac with { MacAddress = word.Text });
                }
                else
                {
                    report.Error(word, $"{Reporter.Quote(word.Text)} is not a MAC address");
                }
            }
            else if (VrrpReader.IsInterfaceName(word, report))
            {
                Change(draft, vmac => vmac with { Name = word.Text });
            }
        }
    }

    private static void UseIpvlan(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        Change(draft, vmac => vmac with { IsIpvlan = true });
        foreach (Word word in statement.Words.Skip(1).Take(3))
        {
            bool isMode = word.Text is "bridge" or "private" or "vepa";
            if (!isMode && !AddressValues.IsAddress(word.Text, out _) && VrrpReader.IsInterfaceName(word, report))
            {
                Change(draft, vmac => vmac with { Name = word.Text });
            }
        }
    }

    private static void Vrf(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a VRF", out Word name) && VrrpReader.IsInterfaceName(name, report))
        {
            Change(draft, vmac => vmac with { Vrf = name.Text });
        }
    }
}
