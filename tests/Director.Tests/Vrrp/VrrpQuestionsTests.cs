using System;
using System.Collections.Generic;
using System.Text.Json;
using XdpLvs.Director.Control;
using XdpLvs.Director.Vrrp;
using Xunit;

namespace XdpLvs.Director.Tests.Vrrp;

/// <summary>What "show vrrp" says.</summary>
public sealed class VrrpQuestionsTests
{
    private static readonly VrrpView View = new(
        "VI_1", "FAULT", "2030-01-02T03:04:05.678Z", "ens33", 51, 2, 100, 70, "192.168.5.101", null, null,
        ["192.168.5.100/32 dev ens33"], "G", [], ["tracked: chk"],
        new TimersView(1000, 1000, 726.6, 3726.6, null, null),
        new Dictionary<string, long> { ["advert_rcvd"] = 7 }, [],
        [new TransitionView("2030-01-02T03:04:05.678Z", "MASTER", "FAULT", "track_down", 70, null)]);

    [Fact]
    public void Without_a_name_every_instance_has_its_state_and_what_is_wrong()
    {
        ControlAnswer answer = VrrpQuestions.Answer([View, View with { Name = "VI_2", State = "BACKUP" }], []);

        Assert.Contains(
            "VI_1: FAULT since 2030-01-02T03:04:05.678Z, priority 70 (base 100)\n"
            + "  VRRPv2 VRID 51 on ens33, sync group G; master unknown\n  fault: tracked: chk\nVI_2: BACKUP",
            answer.Output);
        Assert.DoesNotContain("advert_rcvd", answer.Output);
    }

    [Fact]
    public void With_a_name_there_are_timers_counters_and_transitions_too()
    {
        string text = VrrpQuestions.Answer([View, View with { Name = "VI_2" }], ["VI_1"]).Output;

        Assert.Matches(@"\n  timers: advert 1000 ms, of the master 1000 ms, skew 727 ms, master down 3727 ms\n", text);
        Assert.Matches(@"\n  advert_rcvd +7\n", text);
        Assert.Contains("\n  2030-01-02T03:04:05.678Z MASTER -> FAULT, priority 70: track_down\n", text);
        Assert.DoesNotContain("VI_2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void As_json_it_has_everything_under_names_for_programs()
    {
        using var document = JsonDocument.Parse(VrrpQuestions.Answer([View], ["-o", "json"]).Output);

        JsonElement one = document.RootElement[0];
        Assert.Equal("FAULT", one.GetProperty("state").GetString());
        Assert.Equal(100, one.GetProperty("base_priority").GetInt32());
        Assert.Equal(7, one.GetProperty("counters").GetProperty("advert_rcvd").GetInt32());
        Assert.Equal("track_down", one.GetProperty("transitions")[0].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(1, "VI_9")]
    [InlineData(2, "VI_1", "-o", "xml")]
    public void What_is_not_there_or_not_known_is_an_error(int code, params string[] words) =>
        Assert.Equal(code, VrrpQuestions.Answer([View], words).Exit);
}
