using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>The daemon's tables and the verb ipvsadm, without the socket between them.</summary>
internal sealed class ToyDirector : IDisposable
{
    /// <summary>The moment at which everything happens.</summary>
    internal const uint Now = 1000;

    private readonly Dictionary<ushort, TrafficCounts> _sent = [];
    private readonly IpvsNames _names;

    internal ToyDirector(ImmutableArray<ServiceSettings> services, IpvsNames? names = null, int flows = 1024)
    {
        Flows = new FlowTables(flows, 64, new Random(1));
        _names = names ?? IpvsNames.Numeric;
        Keeper = new TableKeeper(services, FlowPolicy.Default, _ => { });
        Questions = new IpvsQuestions(Keeper, Flows, real => _sent.GetValueOrDefault(real));
    }

    internal FlowTables Flows { get; }

    internal TableKeeper Keeper { get; }

    internal IpvsQuestions Questions { get; }

    /// <summary>With the connections of lnc.txt and the numbers of stats.txt in tests/Cases/ipvs.</summary>
    internal static ToyDirector LikeTheKernel(IpvsNames? names = null)
    {
        var director = new ToyDirector(Rules.Services, names);
        foreach (string line in Rules.Case("lnc.txt").Trim().Split('\n').Skip(2))
        {
            director.Connect(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        ServiceEntry? service = null;
        foreach (string line in Rules.Case("stats-exact.txt").Trim().Split('\n').Skip(3))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] != "->")
            {
                service = director.Find(Key(words[0], words[1]));
                continue;
            }

            RealServerEntry real = service!.Reals.Single(each => each.Settings.Address == Key("TCP", words[1]).Address);
            director.Send(real, new TrafficCounts(Number(words[2]), Number(words[3]), Number(words[5])));
        }

        return director;
    }

    public void Dispose() => Flows.Dispose();

    /// <summary>Exit code, standard output and standard error of "xdplvs ipvsadm WORDS".</summary>
    internal (int Exit, string Output, string Errors) Ipvsadm(params string[] words)
    {
        using StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        var command = new IpvsadmCommand(question => Questions.Answer(question.AsSpan(1), Now), _names, output, errors);
        int exit = command.RunWords(words);
        return (exit, output.ToString(), errors.ToString());
    }

    /// <summary>Its output; there must be no complaint.</summary>
    internal string List(string words)
    {
        (int exit, string output, string errors) = Ipvsadm(words.Split(' '));
        Xunit.Assert.Equal((0, ""), (exit, errors));
        return output;
    }

    /// <summary>All that the workers have sent to a real server by now.</summary>
    internal void Send(RealServerEntry real, TrafficCounts all) => _sent[real.Number] = all;

    internal void Remember(FlowId flow, FlowState state, RealServerEntry real, uint seconds) =>
        Flows.Remember(flow, state, real.Number, Now, Now + FlowClock.Ticks(seconds));

    internal ServiceEntry Find(ServiceKey key) => Keeper.Services.Single(service => service.Settings.Key == key);

    private static ServiceKey Key(string protocol, string address)
    {
        byte number = protocol switch { "UDP" => 17, "SCTP" => 132, _ => 6 };
        return ServiceAddress.TryRead(address, number, IpvsNames.Numeric, out ServiceKey key)
            ? key
            : throw new FormatException(address);
    }

    /// <summary>The first state that listings show with that name.</summary>
    private static FlowState StateCalled(string name) => Enum.GetValues<FlowState>().First(state =>
        IpvsWords.State(new FlowEntry(default, IsTemplate: false, state, 0, 0)) == name);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Protocol, time left, state, client, service, real server.</summary>
    private void Connect(string[] words)
    {
        ServiceKey service = Key(words[0], words[4]), client = Key(words[0], words[3]);
        RealServerEntry real = Find(service).Reals.Single(
            each => each.Settings.Address == Key(words[0], words[5]).Address);
        var key = new FlowKey(client.Address, client.Port, service);
        string[] left = words[1].Split(':');
        Remember(
            client.Port == 0 ? FlowId.OfTemplate(key) : FlowId.Of(key),
            client.Port == 0 ? FlowState.None : StateCalled(words[2]),
            real,
            (uint)((Number(left[0]) * 60) + Number(left[1])));
    }
}
