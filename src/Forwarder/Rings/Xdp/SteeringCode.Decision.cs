using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>Whose packet it is, once it is known what it is; and the program's ends.</summary>
internal sealed partial class SteeringCode
{
    private const int HelperLookup = 1, HelperUpdate = 2, HelperDelete = 3, HelperRedirectMap = 51;
    private const int ActionDrop = 1, ActionPass = 2;

    private void EmitDecision()
    {
        Label steer = _to.NewLabel();
        EmitLook(steer);
        EmitLaterPiece(steer);

        _to.Place(steer);
        EmitCount(SteeringCounter.Steered);
        _to.Load(Width.Word, R2, R6, 16); // xdp_md.rx_queue_index
        _to.LoadMap(R1, _maps.Queues);
        _to.Do(Arithmetic.Move, R3, ActionDrop); // when that queue has no socket
        _to.Call(HelperRedirectMap);
        _to.Exit();

        _to.Place(_malformed);
        EmitCount(SteeringCounter.PassedMalformed);
        _to.Do(Arithmetic.Move, R0, ActionPass);
        _to.Exit();
        _to.Place(_pass);
        EmitCount(SteeringCounter.Passed);
        _to.Do(Arithmetic.Move, R0, ActionPass);
        _to.Exit();
    }

    /// <summary>R1 holds the port: the service of that port, else that of all ports.</summary>
    private void EmitLook(Label steer)
    {
        Label found = _to.NewLabel(), ofAllPorts = _to.NewLabel(), stranger = _to.NewLabel();
        _to.Place(_look);
        _to.Store(Width.Half, R10, PortAt, R1);
        _to.Store(Width.Octet, R10, ProtocolAt, R9);
        EmitNearLook(found);
        Ask(HelperLookup, _maps.Services);
        _to.JumpIfNull(R0, ofAllPorts);
        _to.Jump(found);
        _to.Place(ofAllPorts);
        _to.Store(Width.Half, R10, PortAt, 0);
        Ask(HelperLookup, _maps.Services);
        _to.JumpIfNull(R0, stranger);

        _to.Place(found);
        _to.Load(Width.Word, R0, R10, IsFirstPieceAt);
        _to.JumpIf(Condition.Equal, R0, 0u, steer);
        MakeKeyOfPiece();
        Ask(HelperDelete, _maps.Strangers); // an older packet of that number does not count any more
        _to.Jump(steer);

        _to.Place(stranger);
        _to.Load(Width.Word, R0, R10, IsFirstPieceAt);
        _to.JumpIf(Condition.Equal, R0, 0u, _pass);
        MakeKeyOfPiece();
        Ask(HelperLookup, _maps.Services);
        _to.JumpIfNull(R0, _pass); // the pieces that follow will not be steered anyway
        _to.Do(Arithmetic.Move, R3, R10);
        _to.Do(Arithmetic.Add, R3, IsFirstPieceAt); // any value will do
        _to.Do(Arithmetic.Move, R4, 0);
        Ask(HelperUpdate, _maps.Strangers);
        _to.Jump(_pass);
    }

    /// <summary>The key on the stack, where it may lie in memory that is found without a call.</summary>
    private void EmitNearLook(Label found)
    {
        Label other = _to.NewLabel();
        _to.Note("most services are found here");
        _to.Load(Width.Double, R3, R10, KeyAt);
        _to.Load(Width.Double, R4, R10, KeyAt + sizeof(ulong));
        _to.Load(Width.Word, R5, R10, PortAt);
        _to.Do(Arithmetic.Move, R1, R3);
        _to.Do(Arithmetic.Xor, R1, R4);
        _to.Do(Arithmetic.Add, R1, R5);
        _to.Load(R2, NearServices.Multiplier);
        _to.Do(Arithmetic.Multiply, R1, R2);
        _to.Do(Arithmetic.ShiftRight, R1, NearServices.Shift);
        _to.Do(Arithmetic.ShiftLeft, R1, NearServices.EntryShift);
        _to.LoadValue(R2, _maps.Near);
        _to.Do(Arithmetic.Add, R2, R1);
        _to.Load(Width.Double, R1, R2, 0);
        _to.JumpIf(Condition.NotEqual, R1, R3, other);
        _to.Load(Width.Double, R1, R2, sizeof(ulong));
        _to.JumpIf(Condition.NotEqual, R1, R4, other);
        _to.Load(Width.Word, R1, R2, 2 * sizeof(ulong));
        _to.JumpIf(Condition.Equal, R1, R5, found);
        _to.Place(other);
    }

    /// <summary>
    /// A piece without ports goes where a service's packets go, unless the piece with the ports was the kernel's.
    /// </summary>
    private void EmitLaterPiece(Label steer)
    {
        _to.Place(_laterPiece);
        RequireProtocolWithPorts();
        _to.Store(Width.Octet, R10, ProtocolAt, R9);
        MakeKeyOfPiece();
        Ask(HelperLookup, _maps.Services);
        _to.JumpIfNull(R0, _pass);
        Ask(HelperLookup, _maps.Strangers);
        _to.JumpIfNull(R0, steer);
        _to.Jump(_pass);
    }

    private void MakeKeyOfPiece()
    {
        _to.Store(Width.Half, R10, PortAt, 0);
        _to.Load(Width.Octet, R1, R10, KindAt);
        _to.Do(Arithmetic.Or, R1, SteeringKey.KindPiece);
        _to.Store(Width.Octet, R10, KindAt, R1);
    }

    /// <summary>Calls a helper on a map with the key on the stack.</summary>
    private void Ask(int helper, BpfMap map)
    {
        _to.LoadMap(R1, map);
        _to.Do(Arithmetic.Move, R2, R10);
        _to.Do(Arithmetic.Add, R2, KeyAt);
        _to.Call(helper);
    }

    private void EmitCount(SteeringCounter counter)
    {
        Label absent = _to.NewLabel();
        _to.Store(Width.Word, R10, CounterAt, (int)counter);
        _to.LoadMap(R1, _maps.Counters);
        _to.Do(Arithmetic.Move, R2, R10);
        _to.Do(Arithmetic.Add, R2, CounterAt);
        _to.Call(HelperLookup);
        _to.JumpIfNull(R0, absent);
        _to.Load(Width.Double, R1, R0, 0);
        _to.Do(Arithmetic.Add, R1, 1);
        _to.Store(Width.Double, R0, 0, R1); // this processor's own counter: nobody else writes it
        _to.Place(absent);
    }
}
