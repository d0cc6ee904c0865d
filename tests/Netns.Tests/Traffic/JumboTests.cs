using System;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>The site with an MTU of 9,000 on all cards.</summary>
public sealed class JumboLab() : TrafficLab("auto", 1)
{
    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        if (CanRun)
        {
            Build(mtu: 9000);
            await Servers.StartWebAsync(Network, "rs1");
        }
    }
}

/// <summary>Frames larger than XDP's frame memory can hold find another way by themselves.</summary>
[Trait("Group", "Traffic")]
public sealed class JumboTests(JumboLab lab) : IClassFixture<JumboLab>
{
    [Fact]
    public async Task Uploads_in_frames_of_9000_octets_arrive_whole_and_the_start_says_which_way_was_taken()
    {
        DaemonHost director = await lab.StartAsync(
            TrafficConfig.Instance + TrafficConfig.Both(TrafficConfig.Web, "TCP", "rs1"));
        Assert.Contains(director.Log, line => line.Contains("falling back to AF_PACKET", StringComparison.Ordinal));
        foreach (string family in (string[])["IPv4", "IPv6"])
        {
            string url = TrafficNetwork.UrlOf(family);
            await Soon.RequireAsync(() => Curl.Answers(lab["client"], url + "/", 1).Count == 1, () => "no answer");
            long before = director.Counters()["forwarded"];

            CurlResult result = Curl.Upload(lab["client"], lab.Servers.BigFile, url + "/up/jumbo" + family);

            Assert.True(result.Code == 0, result.Error + "\n" + director.Ask("counters").Output);
            Assert.Equal(lab.Servers.BigSum, TrafficServers.Sum(lab.Servers.UploadOf("rs1", "jumbo" + family)));
            long frames = director.Counters()["forwarded"] - before;
            Assert.InRange(frames, TrafficServers.BigSize / 9000, TrafficServers.BigSize / 1500);
        }
    }
}
