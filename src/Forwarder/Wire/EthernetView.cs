using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads and writes an Ethernet II header in place.</summary>
/// <remarks>IEEE 802.3 clause 3. All accessors speak host order; the wire order stays inside this type.</remarks>
public readonly ref struct EthernetView
{
    /// <summary>Octets before the payload, no 802.1Q tag.</summary>
    public const int HeaderSize = 14;

    /// <summary>EtherType of IPv4.</summary>
    public const ushort TypeIpv4 = 0x0800;

    private const int TargetOffset = 0, SourceOffset = 6, TypeOffset = 12;

    private readonly Span<byte> _frame;

    private EthernetView(Span<byte> frame) => _frame = frame;

    /// <summary>The only door in: after it succeeds, no accessor can go out of range.</summary>
    public static bool TryOpen(Span<byte> frame, out EthernetView view)
    {
        bool fits = frame.Length >= HeaderSize;
        view = fits ? new EthernetView(frame) : default;
        return fits;
    }

    /// <summary>Destination.</summary>
    public MacAddress Target => MacAddress.From(_frame[TargetOffset..]);

    /// <summary>Source.</summary>
    public MacAddress Source => MacAddress.From(_frame[SourceOffset..]);

    /// <summary>EtherType, host order.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_frame[TypeOffset..]);

    /// <summary>Everything after the header.</summary>
    public Span<byte> Payload => _frame[HeaderSize..];

    /// <summary>Points the frame at another station: that is LVS-DR.</summary>
    public void Redirect(MacAddress source, MacAddress target)
    {
        target.CopyTo(_frame[TargetOffset..]);
        source.CopyTo(_frame[SourceOffset..]);
    }
}
