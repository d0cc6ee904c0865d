using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Every keyword with what becomes of it and its default, from the tables that the reader goes by.</summary>
public static class KeywordTable
{
    /// <summary>A configuration with one of every block and nothing in it that need not be.</summary>
    private const string Least =
        """
        bfd_instance b {
            neighbor_ip 192.0.2.1
        }
        track_file f {
            file /f
        }
        vrrp_script s {
            script /s
        }
        vrrp_track_process p {
            process p
        }
        vrrp_instance i {
            interface i
            virtual_router_id 1
            virtual_ipaddress {
                192.0.2.2
            }
        }
        vrrp_instance j {
            interface i
            virtual_router_id 2
            virtual_ipaddress {
                192.0.2.3
            }
        }
        vrrp_sync_group g {
            group {
                i
                j
            }
        }
        virtual_server 192.0.2.2 80 {
            protocol TCP
            lb_algo wlc
            lb_kind DR
            real_server 192.0.2.4 80 {
                TCP_CHECK {
                }
                PING_CHECK {
                }
                HTTP_GET {
                    url {
                        path /
                    }
                }
                SSL_GET {
                    url {
                        path /
                    }
                }
                SMTP_CHECK {
                }
                DNS_CHECK {
                }
                UDP_CHECK {
                }
                MISC_CHECK {
                    misc_path /m
                }
                FILE_CHECK {
                    track_file f
                }
                BFD_CHECK {
                    name b
                }
            }
        }
        """;

    /// <summary>Blocks that lie in others, with the block around them.</summary>
    private static readonly FrozenDictionary<string, string> Around = new Dictionary<string, string>
    {
        ["authentication"] = "vrrp_instance",
        ["auth_hmac"] = "vrrp_instance",
        ["url"] = "HTTP_GET",
        ["host"] = "SMTP_CHECK",
        ["real_server"] = "virtual_server",
    }.ToFrozenDictionary();

    internal const string Implemented = "implemented", NotYet = "not carried out yet";

    /// <summary>What becomes of a keyword of a block, in words.</summary>
    public static string Verdict(string block, string keyword)
    {
        if (NoEffect.RefusalOf(block, keyword) is { } refusal)
        {
            return $"refused: {refusal}";
        }

        if (NoEffect.ReasonOf(block, keyword) is { } reason)
        {
            return $"no effect: {reason}";
        }

        return Unwired.Has(block, keyword) || IsInUnwired(block) ? NotYet : Implemented;
    }

    /// <summary>The tables of all blocks in Markdown.</summary>
    public static string Markdown()
    {
        FrozenDictionary<(string, string), string> defaults = Defaults();
        var text = new StringBuilder(
            """
            # Keywords

            Generated from the tables that the reader of configurations goes by (`src/Config/Reading`); a test compares.
            *Implemented*: does what keepalived's does. *Not carried out yet*: read, checked and kept, and said to be
            left undone. *No effect*: read and checked; a notice says why nothing has to be done. *Refused*: an error.
            Defaults are those of an otherwise empty block; a dash means that there is none.

            """.ReplaceLineEndings("\n"));
        foreach (string block in KeywordCatalog.BlockNames)
        {
            string[] own = [.. KeywordCatalog.OwnOf(block)];
            IEnumerable<string> keywords =
                KeywordCatalog.Of(block).Order(StringComparer.Ordinal).Concat(own.Order(StringComparer.Ordinal));
            text.Append($"\n## {block}\n\n| Keyword | Verdict | Default |\n|---|---|---|\n");
            foreach (string keyword in keywords)
            {
                string ours = own.Contains(keyword) ? " (XdpLvs's own)" : "";
                string value = defaults.GetValueOrDefault((block, keyword), "-");
                text.Append($"| `{keyword}`{ours} | {Verdict(block, keyword)} | {Code(value)} |\n");
            }

            AppendValues(text, block);
        }

        text.Append("\n## Words behind a virtual address\n\n| Word | Verdict |\n|---|---|\n");
        foreach (string word in VirtualAddressReader.Options)
        {
            text.Append($"| `{word}` | {Verdict("virtual_ipaddress", word)} |\n");
        }

        return text.ToString();
    }

    private static string Code(string value) => value == "-" ? value : $"`{value}`";

    /// <summary>What is not a keyword but one value of one.</summary>
    private static void AppendValues(StringBuilder text, string block)
    {
        string[] unwired = [.. Unwired.Entries.Where(one => one.Block == block && one.What.StartsWith('('))
            .Select(one => one.What.Trim('(', ')')).Order(StringComparer.Ordinal)];
        if (unwired.Length > 0)
        {
            text.Append($"\nNot carried out yet: {string.Join(", ", unwired)}.\n");
        }

        foreach ((string _, string what) in NoEffect.Entries
            .Where(one => one.Block == block && one.Keyword.StartsWith('('))
            .OrderBy(one => one.Keyword, StringComparer.Ordinal))
        {
            text.Append($"\nRefused: {what.Trim('(', ')')}: {NoEffect.RefusalOf(block, what)}.\n");
        }
    }

    /// <summary>A block that is not carried out takes everything in it along.</summary>
    private static bool IsInUnwired(string block)
    {
        if (block == KeywordCatalog.Top)
        {
            return false;
        }

        string around = Around.GetValueOrDefault(block)
            ?? (KeywordCatalog.IsChecker(block) ? "real_server" : KeywordCatalog.Top);
        return Unwired.Has(around, block) || IsInUnwired(around);
    }

    private static FrozenDictionary<(string, string), string> Defaults()
    {
        var defaults = new Dictionary<(string, string), string>();
        Gather(ConfigListing.Of(ConfigReader.Parse(Least, "").Config), defaults);
        return defaults.ToFrozenDictionary();
    }

    private static void Gather(IEnumerable<ListedBlock> blocks, Dictionary<(string, string), string> defaults)
    {
        foreach (ListedBlock block in blocks)
        {
            foreach (ListedValue value in block.Values.Where(value => value.Origin is null))
            {
                defaults.TryAdd((block.Kind, value.Keyword), value.Text);
            }

            Gather(block.Blocks, defaults);
        }
    }
}
