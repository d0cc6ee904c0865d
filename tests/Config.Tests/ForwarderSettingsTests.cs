using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The forwarder's own keywords in <c>global_defs</c>.</summary>
public sealed class ForwarderSettingsTests
{
    [Fact]
    public void The_defaults_hold_a_million_flows_and_leave_no_client_hanging() =>
        Assert.Equal(
            new ForwarderSettings(
                FlowTableSize: 1_048_576,
                FlowTableSizeIpv6: 262_144,
                FragmentTableSize: 65_536,
                NewFlowsPerSecond: 200_000,
                ExpireNodestConn: true,
                ExpireQuiescentTemplate: true,
                ConnReuseMode: 1,
                SloppyTcp: false,
                SloppySctp: false,
                ResetRate: 1000,
                Offload: OffloadMode.Auto,
                OffloadPersist: 60),
            Sample.Parse("global_defs {\n}\n").Config.Globals.Forwarder);

    [Fact]
    public void All_settings_are_read()
    {
        ParseResult result = Sample.With(
            "router_id youxi1",
            """
            flow_table_size 64
            flow_table_size_ipv6 33554432
            fragment_table_size 16777216
            new_flows_per_second 0
            expire_nodest_conn off
            expire_quiescent_template no
            conn_reuse_mode 2
            sloppy_tcp
            sloppy_sctp true
            reset_rate 0
            mh_table_index 17
            offload off
            offload_persist 0
            """);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            new ForwarderSettings(64, 1 << 25, 1 << 24, 0, false, false, 2, true, true, 0, OffloadMode.Off, 0)
            {
                MaglevTableIndex = 17,
            },
            result.Config.Globals.Forwarder);
    }

    [Fact]
    public void Several_blocks_add_up()
    {
        ParseResult result = Sample.Parse(
            "global_defs {\nflow_table_size 100\n}\nglobal_defs {\nreset_rate 5\nflow_table_size 0x80\n}\n");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            ForwarderSettings.Default with { FlowTableSize = 128, ResetRate = 5 }, result.Config.Globals.Forwarder);
    }

    [Theory]
    [InlineData("flow_table_size 63", "21: error: '63' is outside the range of flow_table_size, 64 to 134217728")]
    [InlineData("flow_table_size 134217729", "21: error: '134217729' is outside the range of flow_table_size, 64 to")]
    [InlineData("flow_table_size 1M", "21: error: '1M' is not a whole number; flow_table_size takes 64 to 134217728")]
    [InlineData("flow_table_size", "5: error: 'flow_table_size' lacks its value: a number from 64 to 134217728")]
    [InlineData("flow_table_size_ipv6 0", "26: error: '0' is outside the range of flow_table_size_ipv6, 64 to 33554")]
    [InlineData("fragment_table_size 1", "25: error: '1' is outside the range of fragment_table_size, 64 to 16777216")]
    [InlineData("new_flows_per_second -1", "26: error: '-1' is outside the range of new_flows_per_second, 0 to 21474")]
    [InlineData("conn_reuse_mode 3", "21: error: '3' is outside the range of conn_reuse_mode, 0 to 2")]
    [InlineData("reset_rate x", "16: error: 'x' is not a whole number; reset_rate takes 0 to 2147483647")]
    [InlineData("expire_nodest_conn 0", "24: error: '0' is neither on nor off for 'expire_nodest_conn'; did you mean")]
    [InlineData("sloppy_tcp 1", "16: error: '1' is neither on nor off for 'sloppy_tcp'; did you mean 'on'?")]
    [InlineData("sloppy_sctp fasle", "17: error: 'fasle' is neither on nor off for 'sloppy_sctp'; did you mean 'fals")]
    [InlineData("expire_quiescent_template Off", "31: error: 'Off' is neither on nor off for 'expire_quiescent_te")]
    public void What_cannot_be_used_is_an_error_and_the_default_stays(string line, string error)
    {
        ParseResult result = Sample.With("router_id youxi1", line);

        Assert.StartsWith($"2:{error}", Assert.Single(result.Findings()));
        Assert.Equal(ForwarderSettings.Default, result.Config.Globals.Forwarder);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("yes", true)]
    [InlineData("true", true)]
    [InlineData("", true)]
    [InlineData("off", false)]
    [InlineData("no", false)]
    [InlineData("false", false)]
    public void A_switch_has_seven_spellings(string word, bool isOn)
    {
        string[] switches = ["expire_nodest_conn", "expire_quiescent_template", "sloppy_tcp", "sloppy_sctp"];
        ParseResult result = Sample.With(
            "router_id youxi1", string.Concat(switches.Select(keyword => $"{keyword} {word}\n")));

        ForwarderSettings all = result.Config.Globals.Forwarder;
        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            (isOn, isOn, isOn, isOn),
            (all.ExpireNodestConn, all.ExpireQuiescentTemplate, all.SloppyTcp, all.SloppySctp));
    }
}
