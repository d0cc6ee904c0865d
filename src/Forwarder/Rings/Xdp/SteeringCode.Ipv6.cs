using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>IPv6: the header, the walk over extension headers, and what an ICMPv6 error quotes.</summary>
internal sealed partial class SteeringCode
{
    private void EmitIpv6()
    {
        Label firstPiece = _to.NewLabel(), upper = _to.NewLabel();
        RequireIpv6Header();
        Copy(24, KeyAt, IpAddress.SizeV6); // destination
        Copy(8, SourceAt, IpAddress.SizeV6);
        Copy(0, NumberAt, sizeof(uint)); // anything: a known value would have the verifier walk every way twice
        _to.Store(Width.Octet, R10, KindAt, SteeringKey.KindIpv6);
        SkipIpv6Header();
        EmitChain(isQuoted: false, firstPiece, _laterPiece, upper);
        _to.Place(firstPiece);
        _to.Store(Width.Word, R10, IsFirstPieceAt, 1);
        _to.Jump(_transport);
        _to.Place(upper);
        _to.JumpIf(Condition.NotEqual, R9, Ipv6View.ProtocolIcmp, _transport);
        EmitQuotedIpv6();
    }

    private void EmitQuotedIpv6()
    {
        Label upper = _to.NewLabel();
        RequireOctets(Icmpv6ErrorView.HeaderSize);
        _to.Load(Width.Octet, R0, R7, 0);
        _to.JumpIf(Condition.Below, R0, Icmpv6ErrorView.FirstError, _pass);
        _to.JumpIf(Condition.Above, R0, Icmpv6ErrorView.LastError, _pass); // echo, neighbour discovery
        _to.Do(Arithmetic.Add, R7, Icmpv6ErrorView.HeaderSize);
        RequireIpv6Header();
        Copy(8, KeyAt, IpAddress.SizeV6); // source of the quoted packet
        SkipIpv6Header();
        EmitChain(isQuoted: true, upper, _pass, upper);
        _to.Place(upper);
        RequireProtocolWithPorts();
        RequireOctets(PortsSize);
        _to.Load(Width.Half, R1, R7, 0); // source port of the quoted packet
        _to.Jump(_look);
    }

    private void RequireIpv6Header()
    {
        RequireOctets(Ipv6View.HeaderSize);
        _to.Load(Width.Octet, R0, R7, 0);
        _to.Do(Arithmetic.And, R0, 0xF0);
        _to.JumpIf(Condition.NotEqual, R0, 0x60, _malformed);
    }

    private void SkipIpv6Header()
    {
        _to.Load(Width.Octet, R9, R7, 6);
        _to.Do(Arithmetic.Add, R7, Ipv6View.HeaderSize);
    }

    /// <summary>As <see cref="Ipv6ChainView"/> walks; what it stops at is left in R9 for the caller to refuse.</summary>
    private void EmitChain(bool isQuoted, Label firstPiece, Label laterPiece, Label done)
    {
        int headersMax = isQuoted ? Ipv6ChainView.QuotedHeadersMax : Ipv6ChainView.HeadersMax;
        for (int i = 0; i < headersMax; i++)
        {
            Label options = _to.NewLabel(), routing = _to.NewLabel(), authentication = _to.NewLabel();
            Label fragment = _to.NewLabel(), sized = _to.NewLabel(), next = _to.NewLabel();
            if (i == 0)
            {
                _to.JumpIf(Condition.Equal, R9, (uint)Ipv6ChainView.HopByHop, options);
            }

            _to.JumpIf(Condition.Equal, R9, Ipv6ChainView.Options, options);
            _to.JumpIf(Condition.Equal, R9, Ipv6ChainView.Routing, routing);
            _to.JumpIf(Condition.Equal, R9, Ipv6ChainView.Authentication, authentication);
            _to.JumpIf(Condition.Equal, R9, Ipv6ChainView.Fragment, fragment);
            _to.Jump(done);

            _to.Place(fragment);
            EmitFragment(isQuoted, firstPiece, laterPiece);
            _to.Jump(next);

            _to.Place(routing);
            RequireOctets(Ipv6ChainView.Unit);
            _to.Load(Width.Octet, R0, R7, 3);
            _to.JumpIf(Condition.NotEqual, R0, 0u, _pass); // segments left: the packet is going elsewhere
            _to.Place(options);
            RequireOctets(Ipv6ChainView.Unit);
            _to.Load(Width.Octet, R0, R7, 1);
            _to.Jump(sized);

            _to.Place(authentication);
            RequireOctets(Ipv6ChainView.Unit);
            _to.Load(Width.Octet, R0, R7, 1);
            _to.JumpIf(Condition.AnyBit, R0, 1, _pass);
            _to.Do(Arithmetic.ShiftRight, R0, 1); // counted in four octets, less two: in eight, less one

            _to.Place(sized);
            _to.JumpIf(Condition.Above, R0, (Ipv6ChainView.HeaderSizeMax / Ipv6ChainView.Unit) - 1, _pass);
            _to.Load(Width.Octet, R9, R7, 0);
            _to.Do(Arithmetic.Add, R7, Ipv6ChainView.Unit);
            AdvanceBy(R0, Ipv6ChainView.Unit, bits: 3);
            _to.Place(next);
        }

        _to.Jump(done);
    }

    /// <summary>Goes on behind an atomic fragment's header, and leaves behind that of a piece.</summary>
    private void EmitFragment(bool isQuoted, Label firstPiece, Label laterPiece)
    {
        RequireOctets(Ipv6ChainView.Unit);
        _to.Load(Width.Octet, R9, R7, 0);
        _to.Load(Width.Half, R0, R7, 2);
        if (!isQuoted)
        {
            Copy(4, NumberAt, sizeof(uint));
        }

        _to.JumpIf(Condition.AnyBit, R0, Swapped(0xFFF8), laterPiece);
        _to.Do(Arithmetic.Add, R7, Ipv6ChainView.Unit);
        _to.JumpIf(Condition.AnyBit, R0, Swapped(0x0001), firstPiece);
    }
}
