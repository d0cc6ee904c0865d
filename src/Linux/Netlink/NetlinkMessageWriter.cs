using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace XdpLvs.Linux.Netlink;

/// <summary>Builds one or more netlink messages in a buffer that grows and is used again.</summary>
/// <remarks>
/// netlink(7): a header, a fixed struct, then attributes padded to four octets. The lengths in the octets are right
/// after every call, so there is nothing to finish. Numbers are in host order unless a name says otherwise.
/// </remarks>
public sealed class NetlinkMessageWriter
{
    private const int HeaderSize = 16, AttributeHeaderSize = 4;

    private byte[] _octets = new byte[512];
    private int _length;
    private int _message;

    /// <summary>Everything written since the last <see cref="Clear"/>. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    /// <summary>Forgets what was written, keeps the memory.</summary>
    public NetlinkMessageWriter Clear()
    {
        _length = 0;
        return this;
    }

    /// <summary>Starts a message; NLM_F_REQUEST is added to its flags.</summary>
    /// <param name="type">Message type, such as RTM_NEWADDR.</param>
    /// <param name="flags">NLM_F_ bits.</param>
    /// <param name="header">The family's fixed struct.</param>
    public NetlinkMessageWriter Begin<THeader>(ushort type, ushort flags, in THeader header)
        where THeader : unmanaged
    {
        _message = _length;
        var start = new NlMsgHdr
        {
            nlmsg_type = type,
            nlmsg_flags = (ushort)(flags | NetlinkAbi.NLM_F_REQUEST),
        };
        MemoryMarshal.Write(Extend(HeaderSize), in start);
        MemoryMarshal.Write(Extend(Unsafe.SizeOf<THeader>()), in header);
        return this;
    }

    /// <summary>Appends an attribute of any octets.</summary>
    public NetlinkMessageWriter Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(type, value.Length));
        return this;
    }

    /// <summary>Appends a 32-bit attribute in host order.</summary>
    public NetlinkMessageWriter Number(ushort type, uint value)
    {
        MemoryMarshal.Write(Reserve(type, 4), in value);
        return this;
    }

    /// <summary>Appends a 32-bit attribute in network order: an IPv4 address, or any nf_tables number.</summary>
    public NetlinkMessageWriter BigEndian(ushort type, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(type, 4), value);
        return this;
    }

    /// <summary>Appends an address in wire order: 4 octets or 16.</summary>
    public NetlinkMessageWriter Address(ushort type, IpAddress address)
    {
        address.CopyTo(Reserve(type, address.IsV4 ? 4 : IpAddress.SizeV6));
        return this;
    }

    /// <summary>Appends a zero-terminated string.</summary>
    public NetlinkMessageWriter Text(ushort type, string value)
    {
        Span<byte> target = Reserve(type, Encoding.UTF8.GetByteCount(value) + 1);
        Encoding.UTF8.GetBytes(value, target);
        return this;
    }

    /// <summary>Opens an attribute that holds attributes. Hand the result to <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        int mark = _length;
        Reserve((ushort)(type | NetlinkAbi.NLA_F_NESTED), 0);
        return mark;
    }

    /// <summary>Closes what <see cref="BeginNested"/> opened.</summary>
    /// <exception cref="ArgumentException">More than the 65,535 octets an attribute can have.</exception>
    public NetlinkMessageWriter EndNested(int mark)
    {
        int length = _length - mark;
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException("a netlink attribute cannot hold more than 65535 octets", nameof(mark));
        }

        MemoryMarshal.Write(_octets.AsSpan(mark), (ushort)length);
        return this;
    }

    /// <summary>Numbers the messages upwards from <paramref name="first"/>.</summary>
    /// <returns>The number of the last message that asks for an answer.</returns>
    internal uint Stamp(uint first)
    {
        uint next = first, awaited = first;
        for (int at = 0; at < _length;)
        {
            Span<byte> message = _octets.AsSpan(at, _length - at);
            NlMsgHdr header = MemoryMarshal.Read<NlMsgHdr>(message);
            header.nlmsg_seq = next;
            MemoryMarshal.Write(message, in header);
            const int Answered = NetlinkAbi.NLM_F_ACK | NetlinkAbi.NLM_F_DUMP;
            awaited = (header.nlmsg_flags & Answered) != 0 ? next : awaited;
            next = unchecked(next + 1);
            at += (int)header.nlmsg_len;
        }

        return awaited;
    }

    private Span<byte> Reserve(ushort type, int length)
    {
        Span<byte> attribute = Extend(AttributeHeaderSize + length);
        MemoryMarshal.Write(attribute, checked((ushort)(AttributeHeaderSize + length)));
        MemoryMarshal.Write(attribute[2..], in type);
        return attribute.Slice(AttributeHeaderSize, length);
    }

    /// <summary>Zeroed room at the end, padded to four octets, counted in the message's length.</summary>
    private Span<byte> Extend(int count)
    {
        int padded = (count + 3) & ~3;
        if (_octets.Length - _length < padded)
        {
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + padded));
        }

        Span<byte> room = _octets.AsSpan(_length, padded);
        room.Clear();
        _length += padded;
        MemoryMarshal.Write(_octets.AsSpan(_message), (uint)(_length - _message));
        return room;
    }
}
