using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Control;

/// <summary>
/// Answers what the verb ipvsadm asks the daemon. Called by the director loop, so it only reads and counts; names are
/// looked up and columns made by the command.
/// </summary>
/// <remarks>
/// The questions: state | connections FROM | zero [PROTOCOL ADDRESS PORT] | set TCP TCPFIN UDP (seconds, 0 keeps).
/// </remarks>
/// <param name="keeper">Services and timeouts.</param>
/// <param name="flows">Connections.</param>
/// <param name="sent">All that was ever sent to the real server with that number.</param>
internal sealed class IpvsQuestions(TableKeeper keeper, FlowTables flows, Func<ushort, TrafficCounts> sent)
{
    /// <summary>What ipvsadm says about a service that is not there.</summary>
    internal const string NoSuchService = "No such service";

    private const int Failed = 255; // ipvsadm's exit code when the kernel refused: -1

    private readonly ServiceStatistics _statistics = new(sent);

    /// <summary>The state as it was written by the answer to "state".</summary>
    /// <exception cref="JsonException">The daemon is of another version.</exception>
    internal static IpvsState ReadState(string answer) =>
        JsonSerializer.Deserialize(answer, IpvsJson.Default.IpvsState) ?? throw new JsonException("no state");

    /// <summary>To be called every <see cref="RateEstimator.Seconds"/> seconds.</summary>
    internal void Estimate() => _statistics.Estimate(keeper.Services);

    /// <summary>Answers one question; "set" takes effect with the tables that are published next.</summary>
    /// <param name="words">After the verb.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    internal ControlAnswer Answer(ReadOnlySpan<string> words, uint now)
    {
        switch (words)
        {
            case ["state"]:
                IpvsState state = IpvsSnapshot.Take(keeper, flows, _statistics);
                return Fine(JsonSerializer.Serialize(state, IpvsJson.Default.IpvsState));
            case ["connections", var from] when TryRead(from, out int slot):
                return Fine(IpvsSnapshot.Connections(keeper, flows, slot, now));
            case ["zero"]:
                keeper.Services.ToList().ForEach(_statistics.Zero);
                return Fine("");
            case ["zero", var protocol, var address, var port]
                when TryRead(protocol, address, port, out ServiceKey key):
                return Zero(key);
            case ["set", var tcp, var fin, var udp] when TryRead(tcp, fin, udp, out FlowTimeouts timeouts):
                keeper.SetTimeouts(timeouts);
                return Fine("");
            default:
                string asked = string.Join(' ', words);
                return new ControlAnswer(ExitCode.Usage, "", $"the daemon does not know 'ipvsadm {asked}'");
        }
    }

    private static ControlAnswer Fine(string text) => new(ExitCode.Fine, text, "");

    private static bool TryRead(string protocol, string address, string port, out ServiceKey key)
    {
        bool reads = IpAddress.TryParse(address, out IpAddress parsed);
        reads &= byte.TryParse(protocol, CultureInfo.InvariantCulture, out byte number);
        reads &= ushort.TryParse(port, CultureInfo.InvariantCulture, out ushort read);
        key = new ServiceKey(parsed, read, number);
        return reads;
    }

    private static bool TryRead(string tcp, string fin, string udp, out FlowTimeouts timeouts)
    {
        bool reads = TryReadTicks(tcp, out uint tcpTicks);
        reads &= TryReadTicks(fin, out uint finTicks);
        reads &= TryReadTicks(udp, out uint udpTicks);
        timeouts = new FlowTimeouts(tcpTicks, finTicks, udpTicks);
        return reads;
    }

    private static bool TryRead(string from, out int slot) =>
        int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out slot);

    private static bool TryReadTicks(string text, out uint ticks)
    {
        bool reads = uint.TryParse(text, CultureInfo.InvariantCulture, out uint seconds);
        ticks = reads ? FlowClock.Ticks(seconds) : 0;
        return reads && seconds <= uint.MaxValue / FlowClock.TicksPerSecond;
    }

    private ControlAnswer Zero(ServiceKey key)
    {
        ServiceEntry? service = keeper.Services.FirstOrDefault(service => service.Settings.Key == key);
        if (service is null)
        {
            return new ControlAnswer(Failed, "", NoSuchService);
        }

        _statistics.Zero(service);
        return Fine("");
    }
}
