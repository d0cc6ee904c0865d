using System.Text;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The keywords of <c>vrrp_instance</c> and the defaults from <c>global_defs</c>.</summary>
public sealed class VrrpTests
{
    private const string LeftOut = "; the instance is left out";

    [Fact]
    public void An_instance_is_read_with_its_defaults()
    {
        VrrpInstance instance = Sample.Parse(Sample.Text).Instance();

        Assert.Equal(("VI_1", "ens33"), (instance.Name, instance.Interface));
        Assert.Equal((51, 100), (instance.VirtualRouterId, instance.Priority));
        Assert.Equal((VrrpInitialState.Master, Sample.Seconds(1)), (instance.InitialState, instance.AdvertInterval));
        Assert.Equal("1111\0\0\0\0", Encoding.ASCII.GetString(instance.Password.AsSpan()));
        Assert.Equal((true, Sample.Seconds(0)), (instance.Preempt, instance.PreemptDelay));
        Assert.Equal((Sample.Seconds(5), 5), (instance.GarpMasterDelay, instance.GarpMasterRepeat));
        Assert.Equal(new SourceSpan("t.conf", 4, 1, 18), instance.Span);
        Assert.Empty(instance.ExcludedAddresses);
        VirtualAddress address = Assert.Single(instance.Addresses);
        Assert.Equal(("192.168.5.100", 32), (address.Address.ToString(), address.PrefixLength));
        Assert.Equal("ens33", address.Device);
        Assert.Equal((null, (byte)0, null), (address.Broadcast, address.Scope, address.Label));
        Assert.Equal(15, address.Span.Line);
    }

    [Theory]
    [InlineData("state MASTER", "state master", "5:11: error: 'master' is neither MASTER nor BACKUP; BACKUP is taken")]
    [InlineData("state MASTER", "state SLAVE", "5:11: error: 'SLAVE' is neither MASTER nor BACKUP; BACKUP is taken")]
    [InlineData("priority 100", "priority 256", "8:14: error: '256' is outside the range of priority, 1 to 255")]
    [InlineData("priority 100", "priority 0", "8:14: error: '0' is outside the range of priority, 1 to 255")]
    [InlineData("advert_int 1", "advert_int 0", "9:16: error: '0' is outside the range of advert_int: whole seconds")]
    [InlineData("advert_int 1", "advert_int 256", "9:16: error: '256' is outside the range of advert_int: whole ")]
    [InlineData("advert_int 1", "advert_int x", "9:16: error: 'x' is not a number for advert_int: whole seconds")]
    [InlineData("advert_int 1", "preempt_delay 1001", "9:19: error: '1001' is outside the range of preempt_delay, 0")]
    [InlineData("advert_int 1", "garp_master_repeat 0", "9:24: error: '0' is outside the range of garp_master_repeat")]
    public void A_bad_value_is_an_error_and_leaves_the_default(string old, string replacement, string error)
    {
        ParseResult result = Sample.With(old, replacement);

        VrrpInstance instance = result.Instance();
        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Equal((100, 5), (instance.Priority, instance.GarpMasterRepeat));
        Assert.Equal(Sample.Seconds(1), instance.AdvertInterval);
        bool isBackup = old.StartsWith("state", System.StringComparison.Ordinal);
        Assert.Equal(isBackup ? VrrpInitialState.Backup : VrrpInitialState.Master, instance.InitialState);
    }

    [Theory]
    [InlineData("0.3", 1)]
    [InlineData("1.4", 1)]
    [InlineData("1.5", 2)]
    [InlineData("254.9", 255)]
    public void A_fraction_of_a_second_between_adverts_is_rounded_with_an_error(string text, int seconds)
    {
        ParseResult result = Sample.With("advert_int 1", $"advert_int {text}");

        Assert.Equal(
            [$"9:16: error: VRRPv2 sends adverts in whole seconds, 1 to 255: {seconds} is taken"], result.Findings());
        Assert.Equal(Sample.Seconds(seconds), result.Instance().AdvertInterval);
    }

    [Theory]
    [InlineData("    interface ens33\n", "", "error: the instance needs 'interface'; it is left out")]
    [InlineData("    virtual_router_id 51\n", "", "error: the instance needs 'virtual_router_id'; it is left out")]
    [InlineData("        192.168.5.100\n", "", "warning: the instance is left out, because its 'virtual_ipaddress' c")]
    [InlineData("interface ens33", "interfaec ens33", "warning: the instance is left out, because its 'interface' can")]
    [InlineData("interface ens33", "interface lo", "error: VRRP cannot run on 'lo'" + LeftOut)]
    [InlineData("interface ens33", "interface a/b", "error: 'a/b' is not the name of an interface: 1 to 15 char")]
    [InlineData("virtual_router_id 51", "virtual_router_id 256", "error: '256' is outside the range of virtual_")]
    [InlineData("auth_type PASS", "auth_type AH", "error: auth_type 'AH' is understood, but XdpLvs does not")]
    [InlineData("auth_type PASS", "auth_type pass", "error: auth_type 'pass' is not known, use PASS" + LeftOut)]
    [InlineData("vrrp_instance VI_1", "vrrp_instance", "error: 'vrrp_instance' lacks its value: the name of the inst")]
    public void An_instance_that_cannot_run_as_written_is_left_out_loudly(string old, string line, string finding)
    {
        ParseResult result = Sample.With(old, line);

        Assert.Contains(result.Findings(), text => text.Contains(finding, System.StringComparison.Ordinal));
        Assert.True(result.HasErrors || finding.Contains("virtual_ipaddress", System.StringComparison.Ordinal));
        Assert.Empty(result.Config.Instances);
    }

    [Fact]
    public void An_instance_may_speak_version_2_in_a_world_of_version_3() =>
        Assert.Equal(2, Sample.Parse(Sample.Text.Replace("advert_int 1", "version 2", System.StringComparison.Ordinal)
            + "global_defs {\nvrrp_version 3\n}\n").Instance().Version);

    [Fact]
    public void A_second_instance_of_the_same_name_is_left_out()
    {
        ParseResult result = Sample.With("virtual_server", Block("VI_1", "ens34", 52, "1.2.3.4") + "virtual_server");

        Assert.Equal(
            ["18:1: error: vrrp_instance 'VI_1' exists already; this one is left out"], result.Findings());
        Assert.Equal("ens33", result.Instance().Interface);
    }

    [Theory]
    [InlineData("ens33", 51, 1)]
    [InlineData("ens33", 52, 2)]
    [InlineData("ens34", 51, 2)]
    public void A_virtual_router_id_is_unique_on_its_interface(string device, int id, int instances)
    {
        ParseResult result = Sample.With("virtual_server", Block("VI_2", device, id, "1.2.3.4") + "virtual_server");

        Assert.Equal(instances, result.Config.Instances.Length);
        Assert.Equal(instances == 1, result.HasErrors);
        Assert.Equal("VI_1", result.Config.Instances[0].Name);
    }

    [Fact]
    public void State_master_without_priority_owns_the_addresses()
    {
        ParseResult result = Sample.With("    priority 100\n", "");

        Assert.StartsWith("4:1: warning: 'state MASTER' without 'priority' means priority 255", result.Findings()[0]);
        Assert.Equal(255, result.Instance().Priority);
    }

    [Fact]
    public void State_backup_without_priority_is_an_ordinary_router()
    {
        ParseResult result = Sample.Parse(Sample.Text
            .Replace("state MASTER", "state BACKUP", System.StringComparison.Ordinal)
            .Replace("priority 100", "", System.StringComparison.Ordinal));

        Assert.Empty(result.Diagnostics);
        Assert.Equal(100, result.Instance().Priority);
    }

    [Theory]
    [InlineData("nopreempt", false, 0)]
    [InlineData("nopreempt\npreempt", true, 0)]
    [InlineData("preempt_delay 2.5", true, 2.5)]
    public void Preemption_is_for_backups_only(string lines, bool preempt, double delay)
    {
        ParseResult backup = Sample.With("state MASTER", $"state BACKUP\n{lines}");
        ParseResult master = Sample.With("priority 100", $"priority 100\n{lines}");

        Assert.Empty(backup.Diagnostics);
        Assert.Equal((preempt, Sample.Seconds(delay)), (backup.Instance().Preempt, backup.Instance().PreemptDelay));
        Assert.Equal((true, Sample.Seconds(0)), (master.Instance().Preempt, master.Instance().PreemptDelay));
        Assert.Equal(preempt && delay == 0 ? 0 : 1, master.Diagnostics.Length);
        Assert.False(master.HasErrors);
    }

    [Fact]
    public void Gratuitous_arp_is_set_for_all_or_for_one()
    {
        const string globals = "router_id a\nvrrp_garp_master_delay 1.5\nvrrp_garp_master_repeat 2";
        VrrpInstance inherits = Sample.With("router_id youxi1", globals).Instance();
        VrrpInstance own = Sample.With("advert_int 1", "garp_master_delay 0\ngarp_master_repeat 3").Instance();

        Assert.Equal((Sample.Seconds(1.5), 2), (inherits.GarpMasterDelay, inherits.GarpMasterRepeat));
        Assert.Equal((Sample.Seconds(0), 3), (own.GarpMasterDelay, own.GarpMasterRepeat));
    }

    [Fact]
    public void Defaults_may_follow_the_instance_that_uses_them()
    {
        ParseResult result = Sample.Parse(Sample.Text + "global_defs {\nvrrp_garp_master_repeat 9\n}\n");

        Assert.Equal(9, result.Instance().GarpMasterRepeat);
        Assert.Equal("youxi1", result.Config.Globals.RouterId);
    }

    private static string Block(string name, string device, int id, string address) =>
        $"vrrp_instance {name} {{\n interface {device}\n virtual_router_id {id}\n"
        + $"virtual_ipaddress {{\n {address}\n}}\n}}\n";
}
