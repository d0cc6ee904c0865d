using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Two directors at work, youxi1 master, both web servers and a client: what attacks are tried on.</summary>
public sealed class LivingPair : IAsyncLifetime
{
    private static readonly string[] FewFlows = ["--flows", "65536"]; // all of it is touched soon: memory holds still

    private readonly Cluster _cluster = new();
    private DaemonHost? _master, _backup;
    private ClientProcess? _client;

    /// <summary>The network.</summary>
    public LabNetwork Network => _cluster.Network;

    /// <summary>youxi1.</summary>
    public DaemonHost Master => _master ?? throw Skipped();

    /// <summary>youxi2.</summary>
    public DaemonHost Backup => _backup ?? throw Skipped();

    /// <summary>The client, outside both.</summary>
    public ClientProcess Client => _client ?? throw Skipped();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return; // each test says that it is skipped
        }

        _cluster.StartServers();
        _client = ClientProcess.Start(Network[TutorialNetwork.Client]);
        _master = await _cluster.StartAsync("youxi1", Configs.Director(priority: 100), FewFlows);
        _backup = await _cluster.StartAsync("youxi2", Configs.Director(priority: 90), FewFlows);
        await Master.BecomeMasterAsync();
        await Soon.RequireAsync(() => Backup.Counters()["adverts received"] > 1, () => "youxi2 hears no adverts");
    }

    /// <summary>Fails unless youxi1 was master all the time, and youxi2 backup.</summary>
    public void AssertRolesUnchanged()
    {
        Assert.Equal(1, Master.Counters()["became master"]);
        Assert.Equal(0, Master.Counters()["released master"]);
        Assert.Equal(0, Backup.Counters()["became master"]);
    }

    /// <summary>A genuine advert of the master, from its cable.</summary>
    public async Task<CapturedFrame> AdvertAsync(TapProcess tap)
    {
        CapturedFrame? advert = await tap.FindAsync(
            frame => frame.VrrpId == 51 && frame.VrrpPriority == 100, TimeSpan.FromSeconds(3),
            stop: TestContext.Current.CancellationToken);
        return advert ?? throw new LabException("the master sends no adverts: " + Master.Process.LastLines(20));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static InvalidOperationException Skipped()
    {
        Assert.Skip("network namespaces need root");
        return new InvalidOperationException();
    }
}
