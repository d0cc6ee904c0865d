using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>A virtual router and its clock. Time moves only when a test moves it.</summary>
internal sealed class TestNode(VrrpSettings self)
{
    public const uint Ours = 0xC0A8_0565, Higher = 0xC0A8_0566, Lower = 0xC0A8_0564, Vip = 0xC0A8_0564;
    public const uint Another = 0xC0A8_0567;

    /// <summary>Priority 100 on 192.168.5.101, one second, keepalived's defaults.</summary>
    public static readonly VrrpSettings Defaults = new()
    {
        Name = "VI_1",
        Vrid = 51,
        SourceAddress = Ours,
        Addresses = [Vip],
    };

    private VrrpState _state = VrrpState.Initial;

    public Instant Now { get; private set; } = new(5_000_000_000);

    public VrrpStep Last { get; private set; }

    public VrrpState State => _state;

    public VrrpSettings Self { get; set; } = self;

    public TestNode Startup() => Happens(VrrpEvent.Startup());

    /// <summary>Started and, when the down timer ran out, active. Bursts and limits are as at that moment.</summary>
    public TestNode StartupActive()
    {
        Startup();
        return Role == Role.Active ? this : Advance(VrrpTimers.Down(State, Self));
    }

    public TestNode Happens(VrrpEventKind kind) => Step(new VrrpEvent(kind));

    public TestNode Happens(in VrrpEvent happened) => Step(happened);

    public TestNode Fails(FaultCauses causes) => Step(VrrpEvent.Failed(causes));

    public TestNode Recovers(FaultCauses causes) => Step(VrrpEvent.Recovered(causes));

    public TestNode Hears(int priority, uint from = Higher, long? interval = null) =>
        Step(VrrpEvent.Heard(new Advert((byte)priority, interval ?? Self.IntervalMicroseconds, from)));

    public TestNode Advance(long microseconds)
    {
        Now = Now.After(microseconds);
        return Step(VrrpEvent.Tick);
    }

    public Role Role => _state.Role;

    public void Expects(Role role, Effects effects) => Assert.Equal((role, effects), (_state.Role, Last.Effects));

    public void Expects(Role role, Effects effects, Reason reason) =>
        Assert.Equal((role, effects, reason), (_state.Role, Last.Effects, Last.Notice.Reason));

    public void ExpectsRole(Role role) => Assert.Equal(role, _state.Role);

    private TestNode Step(VrrpEvent happened)
    {
        Last = VrrpMachine.Step(_state, happened, Now, Self);
        _state = Last.Next;
        return this;
    }
}
