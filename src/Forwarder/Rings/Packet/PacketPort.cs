using System;
using System.Buffers.Binary;
using System.Threading;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>Where the rings lie.</summary>
internal unsafe struct PacketRings
{
    public byte* Blocks;
    public int BlockSize;
    public int BlockCount;
    public int FrameLengthMax;
    public int Mtu;
    public byte* Spare;
    public int SpareSize;
    public int SpareCount;
}

/// <summary>Frames of one interface through AF_PACKET rings.</summary>
/// <remarks>
/// A frame lies in its receive block until it is given up, and may be rewritten there; sending copies it to a transmit
/// slot. A block goes back to the kernel when it has been read and all its frames were given up, in any order.
/// A VLAN tag that the kernel took off is put back in front. A frame that was merged or never cut is taken as its
/// segments, each in memory of its own. One thread owns a port.
/// Linux Documentation/networking/packet_mmap.rst.
/// </remarks>
public unsafe struct PacketPort : IFramePort
{
    private const int AddressesSize = 12, TagSize = 4;

    private readonly PacketSocket _socket;
    private readonly TransmitRing _sender;
    private readonly PacketRings _rings;
    private readonly int[] _holds; // per block: frames not given up, and one while the block is being read
    private readonly int[] _spare; // free pieces of memory for frames that stay or grow; _spareLeft of them
    private int _spareLeft;
    private byte* _header;
    private int _block;
    private uint _left;
    private bool _unsent;
    private MergedAt _merged;

    internal PacketPort(PacketSocket socket, in PacketRings rings)
    {
        _socket = socket;
        _sender = socket.Sender;
        _rings = rings;
        _holds = new int[rings.BlockCount];
        _spare = new int[rings.SpareCount];
        while (_spareLeft < rings.SpareCount)
        {
            _spare[_spareLeft] = _spareLeft++;
        }
    }

    /// <summary>Addresses from here on are in the spare memory.</summary>
    private readonly ulong SpareFrom => (ulong)_rings.BlockSize * (ulong)_rings.BlockCount;

    /// <inheritdoc/>
    public readonly bool HasBacklog => _unsent || _merged.Length > 0;

    /// <inheritdoc/>
    public int Receive(Span<Frame> batch)
    {
        if (_unsent)
        {
            _unsent = !_sender.Kick();
        }

        int count = _merged.Length > 0 ? TakePieces(batch) : 0;
        while (count < batch.Length && _merged.Length == 0 && (_left > 0 || TryOpenBlock()))
        {
            if (TryTake(out Frame frame))
            {
                batch[count++] = frame;
            }

            if (_left == 0)
            {
                CloseBlock();
            }

            if (_merged.Length > 0)
            {
                count += TakePieces(batch[count..]);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public readonly Span<byte> Bytes(Frame frame) => frame.Address < SpareFrom
        ? new(_rings.Blocks + frame.Address, frame.Length)
        : new(_rings.Spare + (frame.Address - SpareFrom), frame.Length);

    /// <inheritdoc/>
    public bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets)
    {
        if (_spareLeft == 0 || octets.Length > _rings.SpareSize)
        {
            return false;
        }

        Frame before = frame;
        int piece = _spare[--_spareLeft];
        frame = new Frame(SpareFrom + (ulong)(piece * _rings.SpareSize), octets.Length);
        octets.CopyTo(Bytes(frame));
        Recycle(before);
        return true;
    }

    /// <inheritdoc/>
    public bool TryKeep(ref Frame frame) => TryReplace(ref frame, Bytes(frame));

    /// <inheritdoc/>
    public int Transmit(ReadOnlySpan<Frame> frames)
    {
        int queued = 0;
        while (queued < frames.Length && _sender.TryPush(Bytes(frames[queued])))
        {
            queued++;
        }

        if (queued > 0)
        {
            _unsent = !_sender.Kick();
        }

        foreach (Frame frame in frames)
        {
            Recycle(frame);
        }

        return queued;
    }

    /// <inheritdoc/>
    public void Recycle(Frame frame)
    {
        if (frame.Address < SpareFrom)
        {
            Release((int)(frame.Address / (uint)_rings.BlockSize));
        }
        else
        {
            _spare[_spareLeft++] = (int)((frame.Address - SpareFrom) / (uint)_rings.SpareSize);
        }
    }

    /// <summary>Starts on the next block if the kernel has handed it over.</summary>
    private bool TryOpenBlock()
    {
        tpacket_block_desc* block = Block(_block);
        if ((Volatile.Read(ref block->block_status) & PacketAbi.TP_STATUS_USER) == 0 // acquire: the frames are there
            || _holds[_block] > 0) // once round the ring, and its frames are still with their owner
        {
            return false;
        }

        _holds[_block] = 1;
        _left = block->num_pkts;
        _header = (byte*)block + block->offset_to_first_pkt;
        return true;
    }

    private void CloseBlock()
    {
        Release(_block);
        _block = _block + 1 == _rings.BlockCount ? 0 : _block + 1;
    }

    /// <summary>Takes the next frame of the open block. False for one that cannot be forwarded, and for none.</summary>
    private bool TryTake(out Frame frame)
    {
        frame = default;
        if (_left == 0) // a block can come empty
        {
            return false;
        }

        var header = (tpacket3_hdr*)_header;
        byte* start = _header + header->tp_mac;
        _left--;
        _header += header->tp_next_offset;
        if (header->tp_snaplen < header->tp_len)
        {
            _socket.CountOversized();
            return false;
        }

        virtio_net_hdr offload = *(virtio_net_hdr*)(start - sizeof(virtio_net_hdr));
        bool isMerged = header->tp_len > (uint)_rings.FrameLengthMax + InnerTag(start, header)
            || offload.gso_type == PacketAbi.VIRTIO_NET_HDR_GSO_UDP_L4; // datagrams have ends, however short they are
        int length = (int)header->tp_len;
        if ((header->tp_status & PacketAbi.TP_STATUS_VLAN_VALID) != 0)
        {
            start = PutTagBack(start, header);
            length += TagSize;
        }

        if (isMerged)
        {
            KeepMerged(start, length, offload);
            return false;
        }

        _holds[_block]++;
        frame = new Frame((ulong)(start - _rings.Blocks), length);
        return true;
    }

    /// <summary>A frame whose segments are to be taken next; one that cannot be cut is given up.</summary>
    private void KeepMerged(byte* start, int length, in virtio_net_hdr offload)
    {
        bool isOne = offload.gso_type == PacketAbi.VIRTIO_NET_HDR_GSO_NONE; // of a link with longer frames
        if (isOne || !MergedFrame.TryOpen(new Span<byte>(start, length), _rings.Mtu, offload.gso_size, out _))
        {
            _socket.CountOversized();
            return;
        }

        _holds[_block]++;
        _merged = new MergedAt(start, length, offload.gso_size, 0, _block);
    }

    /// <summary>Takes segments as long as there is memory for them. The rest waits for the next turn.</summary>
    private int TakePieces(Span<Frame> batch)
    {
        var whole = new Span<byte>(_merged.Start, _merged.Length);
        _ = MergedFrame.TryOpen(whole, _rings.Mtu, _merged.SegmentSize, out MergedFrame merged); // it did before
        int count = 0, piece = _merged.Piece;
        for (; count < batch.Length && piece < merged.Pieces && _spareLeft > 0; piece++)
        {
            ulong at = (ulong)(_spare[--_spareLeft] * _rings.SpareSize);
            int length = merged.Write(piece, new Span<byte>(_rings.Spare + at, _rings.SpareSize));
            batch[count++] = new Frame(SpareFrom + at, length);
        }

        _merged.Piece = piece;
        if (piece == merged.Pieces)
        {
            Release(_merged.Block);
            _merged = default;
        }

        return count;
    }

    /// <summary>Octets of a tag that lies in the frame, behind one that the kernel took off. Not of the MTU.</summary>
    private static uint InnerTag(byte* start, tpacket3_hdr* header)
    {
        if (header->tp_snaplen < AddressesSize + sizeof(ushort))
        {
            return 0;
        }

        var octets = new ReadOnlySpan<byte>(start + AddressesSize, sizeof(ushort));
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(octets);
        return type is EthernetView.TypeTag or EthernetView.TypeServiceTag ? TagSize : 0u;
    }

    /// <summary>Where the frame's offload header was, which has been read, there is room for a tag. IEEE 802.1Q.
    /// </summary>
    private static byte* PutTagBack(byte* start, tpacket3_hdr* header)
    {
        byte* tagged = start - TagSize;
        new ReadOnlySpan<byte>(start, AddressesSize).CopyTo(new Span<byte>(tagged, AddressesSize));
        bool named = (header->tp_status & PacketAbi.TP_STATUS_VLAN_TPID_VALID) != 0;
        var tag = new Span<byte>(tagged + AddressesSize, TagSize);
        BinaryPrimitives.WriteUInt16BigEndian(tag, named ? header->tp_vlan_tpid : PacketAbi.ETH_P_8021Q);
        BinaryPrimitives.WriteUInt16BigEndian(tag[2..], (ushort)header->tp_vlan_tci);
        return tagged;
    }

    private readonly void Release(int block)
    {
        if (--_holds[block] == 0)
        {
            Volatile.Write(ref Block(block)->block_status, 0u); // release: TP_STATUS_KERNEL, after our last access
        }
    }

    private readonly tpacket_block_desc* Block(int index) =>
        (tpacket_block_desc*)(_rings.Blocks + ((nint)index * _rings.BlockSize));

    /// <summary>A merged frame in its block, and the segment that is taken next. Length 0: there is none.</summary>
    private struct MergedAt(byte* start, int length, int segmentSize, int piece, int block)
    {
        public readonly byte* Start = start;
        public readonly int Length = length, SegmentSize = segmentSize, Block = block;
        public int Piece = piece;
    }
}
