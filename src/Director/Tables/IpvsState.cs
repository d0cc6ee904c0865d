using System;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>
/// What the kernel would tell ipvsadm about services, as the daemon tells it to its command: values only. How they are
/// printed, and which addresses have names, is the command's business (<see cref="IpvsListing"/>).
/// </summary>
/// <param name="Size">Flows that the tables were made for.</param>
/// <param name="Timeouts">Of connections.</param>
/// <param name="Services">In the configuration's order.</param>
internal sealed record IpvsState(int Size, IpvsTimeouts Timeouts, ImmutableArray<IpvsService> Services);

/// <summary>Seconds that a connection may be silent.</summary>
/// <param name="Tcp">Established.</param>
/// <param name="TcpFin">After a FIN.</param>
/// <param name="Udp">Datagrams.</param>
internal readonly record struct IpvsTimeouts(uint Tcp, uint TcpFin, uint Udp);

/// <summary>One virtual service.</summary>
/// <param name="Protocol">6, 17 or 132.</param>
/// <param name="Address">Virtual address.</param>
/// <param name="Port">0 in a service of all ports.</param>
/// <param name="Scheduler">ipvsadm's word.</param>
/// <param name="Switches">The scheduler's.</param>
/// <param name="PersistenceSeconds">0: not persistent.</param>
/// <param name="Mask">Which bits of a client's address make one client; the upper 96 are set for IPv4.</param>
/// <param name="OnePacket">One-packet scheduling.</param>
/// <param name="Counts">Of all its real servers, since they were zeroed.</param>
/// <param name="Rates">Per second.</param>
/// <param name="Reals">In service, in the order of the kernel's list: the last added first.</param>
internal sealed record IpvsService(
    byte Protocol,
    IpAddress Address,
    ushort Port,
    string Scheduler,
    SchedulerSwitches Switches,
    uint PersistenceSeconds,
    IpAddress Mask,
    bool OnePacket,
    TrafficCounts Counts,
    TrafficCounts Rates,
    ImmutableArray<IpvsReal> Reals)
{
    /// <summary>What it is found by.</summary>
    [JsonIgnore]
    public ServiceKey Key => new(Address, Port, Protocol);
}

/// <summary>One real server of a service.</summary>
/// <param name="Address">Of the service's family.</param>
/// <param name="Port">The service's.</param>
/// <param name="Weight">As it is now.</param>
/// <param name="Upper">Connections from which on it takes no more; 0: no limit.</param>
/// <param name="Lower">Connections below which it takes them again.</param>
/// <param name="Active">Connections established or on their way there.</param>
/// <param name="Inactive">All others.</param>
/// <param name="Persistent">Templates.</param>
/// <param name="Counts">Since they were zeroed.</param>
/// <param name="Rates">Per second.</param>
internal sealed record IpvsReal(
    IpAddress Address,
    ushort Port,
    int Weight,
    int Upper,
    int Lower,
    int Active,
    int Inactive,
    int Persistent,
    TrafficCounts Counts,
    TrafficCounts Rates);

/// <summary>The state as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(IpAddressText)], RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IpvsState))]
internal sealed partial class IpvsJson : JsonSerializerContext;

/// <summary>An address as its usual text.</summary>
internal sealed class IpAddressText : JsonConverter<IpAddress>
{
    /// <inheritdoc/>
    public override IpAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpAddress.TryParse(reader.GetString() ?? "", out IpAddress address)
            ? address
            : throw new JsonException("not an address");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
