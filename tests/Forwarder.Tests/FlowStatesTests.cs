using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The kernel's table for a director that sees only the client's half, spelt out.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_tcp.c, the INPUT-ONLY half of tcp_states.</remarks>
public sealed class FlowStatesTests
{
    private const byte Tcp = 6, Udp = 17;

    private static readonly FlowState[] Columns =
    [
        FlowState.None, FlowState.Established, FlowState.SynSent, FlowState.SynReceived, FlowState.FinWait,
        FlowState.TimeWait, FlowState.Close, FlowState.CloseWait, FlowState.LastAck, FlowState.Listen,
        FlowState.SynAck,
    ];

    [Theory]
    //                               NO ES SS SR FW TW CL CW LA LI SA
    [InlineData(TcpControl.Syn,     "SR ES ES SR SR SR SR SR SR SR SR")]
    [InlineData(TcpControl.Fin,     "CL FW SS TW FW TW CL CW LA LI TW")]
    [InlineData(TcpControl.Ack,     "ES ES SS ES FW TW CL CW CL LI ES")]
    [InlineData(TcpControl.Reset,   "CL CL CL SR CL CL CL CL LA LI CL")]
    [InlineData(TcpControl.None,    "NO ES SS SR FW TW CL CW LA LI SA")]
    public void Moves_as_the_kernel_s_table_says(TcpControl flags, string row)
    {
        string[] next = row.Split(' ');
        Assert.Equal(Columns.Length, next.Length);

        for (int i = 0; i < Columns.Length; i++)
        {
            Assert.Equal(Named(next[i]), FlowStates.Next(Columns[i], Tcp, flags));
        }
    }

    [Theory]
    [InlineData(0x1F, TcpControl.Reset)]
    [InlineData(0x14, TcpControl.Reset)]
    [InlineData(0x06, TcpControl.Reset)]
    [InlineData(0x13, TcpControl.Syn)]
    [InlineData(0x12, TcpControl.Syn)]
    [InlineData(0x03, TcpControl.Syn)]
    [InlineData(0x11, TcpControl.Fin)]
    public void Reset_counts_before_SYN_before_FIN_before_ACK(byte flags, TcpControl alone)
    {
        foreach (FlowState state in Columns)
        {
            Assert.Equal(FlowStates.Next(state, Tcp, alone), FlowStates.Next(state, Tcp, (TcpControl)flags));
        }
    }

    [Fact]
    public void Datagrams_have_one_state_and_a_first_one_that_is_given_up_sooner()
    {
        Assert.Equal(FlowState.UdpOnce, FlowStates.Next(FlowState.None, Udp, TcpControl.None));
        Assert.Equal(FlowState.Udp, FlowStates.Next(FlowState.UdpOnce, Udp, TcpControl.None));
        Assert.Equal(FlowState.Udp, FlowStates.Next(FlowState.Udp, Udp, TcpControl.None));
    }

    [Theory]
    [InlineData(FlowState.None, 2)]
    [InlineData(FlowState.Established, 900)]
    [InlineData(FlowState.SynSent, 120)]
    [InlineData(FlowState.SynReceived, 60)]
    [InlineData(FlowState.FinWait, 120)]
    [InlineData(FlowState.TimeWait, 120)]
    [InlineData(FlowState.Close, 10)]
    [InlineData(FlowState.CloseWait, 60)]
    [InlineData(FlowState.LastAck, 30)]
    [InlineData(FlowState.Listen, 120)]
    [InlineData(FlowState.SynAck, 120)]
    [InlineData(FlowState.Udp, 300)]
    [InlineData(FlowState.UdpOnce, 300)]
    public void Each_state_has_the_kernel_s_timeout(FlowState state, uint seconds) =>
        Assert.Equal(seconds * 10, FlowStates.Timeout(state, FlowTimeouts.Default));

    [Fact]
    public void Three_timeouts_can_be_set()
    {
        var timeouts = new FlowTimeouts(Established: 11, FinWait: 22, Udp: 33);

        Assert.Equal(11u, FlowStates.Timeout(FlowState.Established, timeouts));
        Assert.Equal(22u, FlowStates.Timeout(FlowState.FinWait, timeouts));
        Assert.Equal(33u, FlowStates.Timeout(FlowState.Udp, timeouts));
        Assert.Equal(1200u, FlowStates.Timeout(FlowState.TimeWait, timeouts));
    }

    [Fact]
    public void Established_and_on_the_way_there_is_active()
    {
        FlowState[] active = Array.FindAll(Enum.GetValues<FlowState>(), FlowStates.IsActive);

        Assert.Equal(
            [FlowState.Established, FlowState.SynSent, FlowState.SynReceived, FlowState.SctpEstablished], active);
    }

    [Fact]
    public void Who_is_over_depends_on_conn_reuse_mode()
    {
        FlowState[] Over(int mode) =>
            Array.FindAll(Enum.GetValues<FlowState>(), state => FlowStates.IsOver(state, mode));

        Assert.Empty(Over(0));
        Assert.Equal([FlowState.TimeWait, FlowState.Close, FlowState.SctpClosed], Over(1));
        Assert.Equal([FlowState.FinWait, FlowState.TimeWait, FlowState.Close, FlowState.SctpClosed], Over(2));
        Assert.Equal(Over(2), Over(3));
    }

    private static FlowState Named(string name) => name switch
    {
        "NO" => FlowState.None,
        "ES" => FlowState.Established,
        "SS" => FlowState.SynSent,
        "SR" => FlowState.SynReceived,
        "FW" => FlowState.FinWait,
        "TW" => FlowState.TimeWait,
        "CL" => FlowState.Close,
        "CW" => FlowState.CloseWait,
        "LA" => FlowState.LastAck,
        "LI" => FlowState.Listen,
        "SA" => FlowState.SynAck,
        _ => throw new ArgumentException(name),
    };
}
