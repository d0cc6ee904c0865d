using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// What is read into the model but not carried out yet. So that nothing is accepted and then silently ignored, each
/// is reported where it is written, after it was read: as an error if it could change where traffic goes, else as a
/// warning (the tilde of <see cref="KeywordCatalog"/>). Whoever carries one out deletes it here, and with that the
/// checks, instances and servers that were left out because of it come into service.
/// </summary>
internal static class Unwired
{
    /// <summary>
    /// Keywords by block. A question mark: not if 0 or off is written, which is what happens anyway. An exclamation
    /// mark: the instance must not run, since its peers would not hear it: two masters. The keywords of a block that is
    /// listed itself are not. In brackets, not keywords but values: <c>(AH)</c>.
    /// </summary>
    private const string Listing =
        """
        [top level]
        track_group garp_group bfd_instance static_ipaddress static_routes static_rules interface_up_down_delays
        [global_defs]
        smtp_alert? smtp_alert_vrrp? no_email_faults? startup_script startup_script_timeout shutdown_script
        shutdown_script_timeout dynamic_interfaces? default_interface lvs_sync_daemon vrrp_garp_extra_if?
        vrrp_vmac_garp_intvl? fifo_write_vrrp_states_on_reload? log_unknown_vrids? vrrp_owner_ignore_adverts?
        vmac_prefix vmac_addr_prefix reload_time_file reload_repeat? reload_file
        [vrrp_instance]
        use_vmac use_vmac_addr vmac_xmit_base use_ipvlan unicast_fault_no_peer? old_unicast_checksum vrf
        track_bfd track_src_ip no_virtual_ipaddress promote_secondaries? virtual_routes virtual_rules no_accept
        notify_deleted smtp_alert? garp_extra_if? vmac_garp_intvl? owner_ignore_adverts? auth_hmac!
        [authentication]
        (AH)
        [virtual_ipaddress]
        peer use_vmac
        [virtual_server]
        ha_suspend? drain
        [real_server]
        drain BFD_CHECK
        """;

    private static readonly FrozenDictionary<(string Block, string What), char> All = Read();

    /// <summary>Everything that is listed, by block.</summary>
    public static IEnumerable<(string Block, string What)> Entries => All.Keys;

    /// <summary>Whether the keyword of a block, or a value in brackets, is listed.</summary>
    public static bool Has(string block, string what) => All.ContainsKey((block, what));

    /// <summary>
    /// Reports the statement if it is listed. Returns whether something is left undone that could change traffic.
    /// </summary>
    public static bool Report(string block, Statement statement, Reporter report)
    {
        bool isOff = statement.Words is [_, { Text: "0" or "off" or "no" or "false" }, ..];
        if (!All.TryGetValue((block, statement.Keyword), out char mark) || (mark == '?' && isOff))
        {
            return false;
        }

        bool isCosmetic = KeywordCatalog.TryFind(block, statement.Keyword, out bool cosmetic) && cosmetic;
        string message = $"'{statement.Keyword}' is understood, but XdpLvs does not carry it out yet"
            + (mark == '!' ? "; the instance is left out" : "");
        if (isCosmetic)
        {
            report.Warning(statement.Words[0], message);
        }
        else
        {
            report.Error(statement.Words[0], message);
        }

        return !isCosmetic;
    }

    /// <summary>Reports a value, or a word inside a line, if it is listed. Returns whether it was.</summary>
    /// <param name="block">The block.</param>
    /// <param name="what">As listed.</param>
    /// <param name="at">Its place.</param>
    /// <param name="name">What to call it in the message.</param>
    /// <param name="consequence">What follows, from its semicolon on.</param>
    /// <param name="report">Where findings go.</param>
    public static bool Report(string block, string what, Word at, string name, string consequence, Reporter report)
    {
        bool isListed = Has(block, what);
        if (isListed)
        {
            report.Error(at, $"{name} is understood, but XdpLvs does not carry it out yet{consequence}");
        }

        return isListed;
    }

    private static FrozenDictionary<(string Block, string What), char> Read()
    {
        var all = new Dictionary<(string, string), char>();
        string block = "";
        foreach (string line in Listing.Split('\n', System.StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('['))
            {
                block = line.Trim('[', ']');
                continue;
            }

            foreach (string what in Split(line))
            {
                all[(block, what.TrimEnd('?', '!'))] = what[^1];
            }
        }

        return all.ToFrozenDictionary();
    }

    /// <summary>The words of a line; what stands in brackets is one word.</summary>
    private static ImmutableArray<string> Split(string line) =>
    [
        .. line.Split('(', ')').SelectMany((part, i) => i % 2 == 1
            ? [$"({part})"]
            : part.Split(' ', System.StringSplitOptions.RemoveEmptyEntries)),
    ];
}
