using System;
using System.Threading;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>
/// Frames that the kernel hands over in several chunks, one after the other: puts each together and cuts it into its
/// segments.
/// </summary>
/// <remarks>
/// In generic mode the program is above receive offload and, on a virtual cable, before anybody cut what a sender left
/// to its NIC. Nobody says how long the segments were: TCP is cut by the MTU, datagrams are given up. The port's owner
/// calls all but <see cref="GivenUp"/>. Linux net/xdp/xsk.c, XDP_USE_SG.
/// </remarks>
internal sealed unsafe class MergedFrames(int mtu) : IDisposable
{
    private readonly Mapping _memory = Mapping.Anonymous(MergedFrame.SizeMax, "AF_XDP merged frame");
    private int _length, _piece, _pieces;
    private bool _isTooLong;
    private long _givenUp;

    /// <summary>Whether segments wait to be taken.</summary>
    internal bool HasPieces => _piece < _pieces;

    /// <summary>Frames that could not be cut. May be read by anybody.</summary>
    internal long GivenUp => Volatile.Read(ref _givenUp);

    /// <summary>
    /// Whether what a descriptor names must be put together or cut: a part of a frame in several chunks, or a merged
    /// frame that fits one chunk all the same. Any other frame longer than the MTU is the router's affair.
    /// </summary>
    internal bool Takes(uint options, Span<byte> octets) =>
        _length > 0 || _isTooLong || (options & XdpAbi.Continues) != 0
        || (octets.Length > mtu + EthernetView.HeaderSize
            && MergedFrame.TryOpen(octets, mtu, segmentSize: 0, out MergedFrame merged) && merged.Pieces > 1);

    /// <summary>Takes the octets of a chunk.</summary>
    /// <param name="octets">They are copied.</param>
    /// <param name="isLast">Whether the frame ends with them: then its segments can be taken.</param>
    internal void Add(ReadOnlySpan<byte> octets, bool isLast)
    {
        var room = new Span<byte>(_memory.Pointer + _length, MergedFrame.SizeMax - _length);
        _isTooLong |= !octets.TryCopyTo(room);
        _length += _isTooLong ? 0 : octets.Length;
        if (!isLast)
        {
            return;
        }

        _piece = 0;
        _pieces = 0;
        if (!_isTooLong && MergedFrame.TryOpen(Whole, mtu, segmentSize: 0, out MergedFrame merged))
        {
            _pieces = merged.Pieces;
            return;
        }

        Volatile.Write(ref _givenUp, _givenUp + 1);
        Forget();
    }

    /// <summary>Writes the next segment.</summary>
    /// <param name="target">A chunk's room.</param>
    /// <returns>Its octets.</returns>
    internal int Write(Span<byte> target)
    {
        _ = MergedFrame.TryOpen(Whole, mtu, segmentSize: 0, out MergedFrame merged); // it did before
        int length = merged.Write(_piece++, target);
        if (_piece == _pieces)
        {
            Forget();
        }

        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private Span<byte> Whole => new(_memory.Pointer, _length);

    private void Forget() => (_length, _isTooLong) = (0, false);
}
