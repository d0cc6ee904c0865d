using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Tables;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The kernel's SCTP table for a director that sees only the client's half, spelt out.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_sctp.c, the INPUT-ONLY part of sctp_states.</remarks>
public sealed class SctpStatesTests : IDisposable
{
    private const byte Data = 0, Init = 1, Sack = 3, Abort = 6, Shutdown = 7, ShutdownAck = 8, CookieEcho = 10;
    private const byte ShutdownComplete = 14;

    private static readonly ServiceKey Signalling = new(Vip, 2905, 132);
    private static readonly FrameBuilder ToSignalling = ToWeb with { ToPort = 2905, Payload = new byte[16] };

    private static readonly Dictionary<string, FlowState> Columns = new()
    {
        ["NO"] = FlowState.None,
        ["I1"] = FlowState.SctpInit1,
        ["IN"] = FlowState.SctpInit,
        ["CS"] = FlowState.SctpCookieSent,
        ["CR"] = FlowState.SctpCookieReplied,
        ["CW"] = FlowState.SctpCookieWait,
        ["CO"] = FlowState.SctpCookie,
        ["CE"] = FlowState.SctpCookieEchoed,
        ["ES"] = FlowState.SctpEstablished,
        ["SS"] = FlowState.SctpShutdownSent,
        ["SR"] = FlowState.SctpShutdownReceived,
        ["SA"] = FlowState.SctpShutdownAckSent,
        ["RJ"] = FlowState.SctpRejected,
        ["CL"] = FlowState.SctpClosed,
    };

    private readonly World _world = new(Service(Signalling, A, B));

    public void Dispose() => _world.Dispose();

    [Theory]
    //                       NO I1 IN CS CR CW CO CE ES SS SR SA RJ CL
    [InlineData(Data,       "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")]
    [InlineData(Sack,       "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")]
    [InlineData(4,          "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")] // HEARTBEAT
    [InlineData(5,          "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")] // HEARTBEAT ACK
    [InlineData(12,         "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")] // ECNE
    [InlineData(13,         "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")] // CWR
    [InlineData(0xC1,       "ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL")] // ASCONF: the kernel has no event for it
    [InlineData(Init,       "I1 IN IN IN IN IN CO CE ES SS SR SA IN IN")]
    [InlineData(2,          "CE CE CE CE CE CE CO CE ES SS SR SA RJ CL")] // INIT ACK
    [InlineData(CookieEcho, "ES ES ES ES ES ES CO CE ES SS SR SA RJ CL")]
    [InlineData(11,         "ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL")] // COOKIE ACK
    [InlineData(Shutdown,   "SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL")]
    [InlineData(ShutdownAck, "CL IN IN CS CR CW CO CE CL CL SR CL RJ CL")]
    [InlineData(ShutdownComplete, "CL CL CL CL CL CW CO CE ES SS CL CL RJ CL")]
    [InlineData(9,          "CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL")] // ERROR
    [InlineData(Abort,      "CL CL CL CL CL RJ CL CL CL CL CL CL CL CL")]
    public void Moves_as_the_kernel_s_table_says(byte chunk, string row)
    {
        string[] next = row.Split(' ');
        Assert.Equal(Columns.Count, next.Length);

        foreach ((FlowState state, string name) in Columns.Values.Zip(next))
        {
            Assert.Equal(Columns[name], SctpStates.Next(state, chunk));
        }
    }

    [Theory]
    [InlineData("I1", 4)]
    [InlineData("IN", 61)]
    [InlineData("CS", 61)]
    [InlineData("CR", 61)]
    [InlineData("CW", 61)]
    [InlineData("CO", 61)]
    [InlineData("CE", 61)]
    [InlineData("ES", 900)]
    [InlineData("SS", 61)]
    [InlineData("SR", 61)]
    [InlineData("SA", 61)]
    [InlineData("RJ", 4)]
    [InlineData("CL", 61)]
    public void Each_state_has_the_kernel_s_timeout_whatever_is_set_for_TCP(string state, uint seconds) =>
        Assert.Equal(seconds * 10, FlowStates.Timeout(Columns[state], new FlowTimeouts(1, 2, 3)));

    [Fact]
    public void The_names_are_the_kernel_s() => Assert.Equal(
        "NONE INIT1 INIT C-SENT C-REPLIED C-WAIT COOKIE C-ECHOED ESTABLISHED S-SENT S-RECEIVED S-ACK-SENT REJECTED "
            + "CLOSED",
        string.Join(' ', Columns.Values.Select(SctpStates.Name)));

    [Fact]
    public void An_association_opens_with_INIT_and_stays_with_its_server()
    {
        Assert.Equal(Outcome.NoConnection, _world.Route(ToSignalling.Sctp(Data)));
        RealServer first = _world.Forward(ToSignalling.Sctp(Init));
        Assert.Equal((0, 1), (_world.Flows.Counts.Active(first.Number), _world.Flows.Counts.Inactive(first.Number)));

        foreach (byte chunk in new[] { CookieEcho, Data, Sack, Shutdown, ShutdownComplete })
        {
            Assert.Equal(first, _world.Forward(ToSignalling.Sctp(chunk)));
        }
    }

    [Fact]
    public void Only_an_established_association_is_active()
    {
        RealServer first = _world.Forward(ToSignalling.Sctp(Init));
        _world.Forward(ToSignalling.Sctp(CookieEcho));
        Assert.Equal((1, 0), (_world.Flows.Counts.Active(first.Number), _world.Flows.Counts.Inactive(first.Number)));

        _world.Forward(ToSignalling.Sctp(Shutdown));
        Assert.Equal((0, 1), (_world.Flows.Counts.Active(first.Number), _world.Flows.Counts.Inactive(first.Number)));
    }

    [Fact]
    public void INIT_on_a_closed_association_is_a_new_one()
    {
        RealServer first = _world.Forward(ToSignalling.Sctp(Init));
        _world.Forward(ToSignalling.Sctp(CookieEcho));
        Assert.Equal(first, _world.Forward(ToSignalling.Sctp(Init))); // established: as the kernel, it goes on
        _world.Forward(ToSignalling.Sctp(Abort));

        Assert.NotEqual(first, _world.Forward(ToSignalling.Sctp(Init)));
    }

    [Fact]
    public void Sloppy_SCTP_takes_an_association_up_anywhere()
    {
        _world.Table = new ForwardingTable(
            Director, [Service(Signalling, A)], [], Silent with { SloppySctp = true });

        Assert.Equal(Outcome.Forwarded, _world.Route(ToSignalling.Sctp(Data)));
        Assert.Equal(1, _world.Flows.Counts.Active(A.Number));
    }

    [Fact]
    public void Out_of_the_blue_is_answered_with_ABORT()
    {
        _world.Table = new ForwardingTable(Director, [Service(Signalling, A)], [], FlowPolicy.Default);

        Assert.Equal(Outcome.AnsweredReset, _world.Route(ToSignalling.Sctp(Data)));
        Assert.Equal((132, 6), (_world.Router.Answered[23], _world.Router.Answered[14 + 20 + 12]));
        Assert.Equal(Outcome.NoConnection, _world.Route(ToSignalling.Sctp(Abort)));
    }

    [Fact]
    public void Who_only_asked_gives_way_to_others() => Assert.Equal(
        [FlowState.None, FlowState.SynReceived, FlowState.SctpInit1, FlowState.SctpInit],
        Array.FindAll(Enum.GetValues<FlowState>(), FlowStates.IsHalfOpen));

    [Fact]
    public void A_persistent_client_stays_with_its_server()
    {
        _world.Publish(With(Service(Signalling, A, B), options => options with { PersistenceTicks = 3000 }));

        RealServer first = _world.Forward(ToSignalling.Sctp(Init));

        Assert.Equal(first, _world.Forward((ToSignalling with { FromPort = 7 }).Sctp(Init)));
    }
}
