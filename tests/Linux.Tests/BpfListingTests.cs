using System.Linq;
using XdpLvs.Linux.Bpf;
using Xunit;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Linux.Tests;

/// <summary>A listing says what was emitted, in the signs of the verifier's log.</summary>
public sealed class BpfListingTests
{
    private readonly BpfAssembler _to = new();

    [Fact]
    public void Every_kind_of_instruction_has_its_line()
    {
        Label end = _to.NewLabel();
        _to.Note("frames for us");
        _to.Load(Width.Half, R2, R1, 12);
        _to.Load(R3, 0x1122334455667788);
        _to.JumpIf(Condition.NotEqual, R2, 0x608, end);
        _to.JumpIf(Condition.Above, R2, R3, end);
        _to.Store(Width.Octet, R10, -8, 7);
        _to.Store(Width.Double, R10, -16, R2);
        _to.AtomicAdd(R4, 8, R2);
        _to.Do(Arithmetic.ShiftRight, R2, 4);
        _to.Do(Arithmetic.Multiply, R2, R3);
        _to.Narrow(R2);
        _to.Swap(R2, 16);
        _to.Call(160);
        _to.Jump(end);
        _to.Place(end);
        _to.Note("done");
        _to.Exit();

        Assert.Equal(
            """
                  ; frames for us
                0  r2 = *(u16 *)(r1 + 12)
                1  r3 = 0x1122334455667788
                3  if w2 != 0x608 goto 14
                4  if r2 > r3 goto 14
                5  *(u8 *)(r10 - 8) = 7
                6  *(u64 *)(r10 - 16) = r2
                7  lock *(u64 *)(r4 + 8) += r2
                8  r2 >>= 4
                9  r2 *= r3
               10  w2 = w2
               11  r2 = be16 r2
               12  call ktime_get_coarse_ns
               13  goto 14
                  ; done
               14: exit
            """.Split('\n').Select(line => line.Replace("\r", "")),
            BpfListing.Of(_to).TrimEnd('\n').Split('\n'));
    }
}
