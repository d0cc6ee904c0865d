using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace XdpLvs.Linux.Netlink;

/// <summary>Walks the messages of one datagram. Octets that make no sense end the walk; nothing here throws.</summary>
/// <remarks>netlink(7), and linux/netlink.h for NLMSG_ALIGN.</remarks>
public ref struct NetlinkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first message of a datagram.</summary>
    public NetlinkReader(ReadOnlySpan<byte> datagram) => _rest = datagram;

    /// <summary>The next message; false at the end, or where a length does not fit.</summary>
    public bool TryRead(out NetlinkMessage message)
    {
        int size = Unsafe.SizeOf<NlMsgHdr>();
        message = default;
        if (!MemoryMarshal.TryRead(_rest, out NlMsgHdr header)
            || header.nlmsg_len < size
            || header.nlmsg_len > (uint)_rest.Length)
        {
            _rest = default;
            return false;
        }

        int length = (int)header.nlmsg_len;
        message = new NetlinkMessage(header, _rest[size..length]);
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}

/// <summary>One netlink message.</summary>
public readonly ref struct NetlinkMessage
{
    internal NetlinkMessage(NlMsgHdr header, ReadOnlySpan<byte> payload)
    {
        Type = header.nlmsg_type;
        Flags = header.nlmsg_flags;
        Sequence = header.nlmsg_seq;
        Payload = payload;
    }

    /// <summary>NLMSG_ or RTM_ number.</summary>
    public ushort Type { get; }

    /// <summary>NLM_F_ bits.</summary>
    public ushort Flags { get; }

    /// <summary>The number of the request that this answers; 0 in a notification.</summary>
    public uint Sequence { get; }

    /// <summary>Everything after the netlink header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The only door to the fields: the fixed struct and the attributes behind it.</summary>
    public bool TryOpen<THeader>(out THeader header, out NetlinkAttributes attributes)
        where THeader : unmanaged
    {
        bool fits = MemoryMarshal.TryRead(Payload, out header);
        int padded = (Unsafe.SizeOf<THeader>() + 3) & ~3;
        attributes = fits ? new NetlinkAttributes(Payload[Math.Min(padded, Payload.Length)..]) : default;
        return fits;
    }
}

/// <summary>Walks a run of attributes.</summary>
public ref struct NetlinkAttributes
{
    private const int HeaderSize = 4;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first attribute.</summary>
    public NetlinkAttributes(ReadOnlySpan<byte> octets) => _rest = octets;

    /// <summary>The next attribute; false at the end, or where a length does not fit.</summary>
    public bool TryRead(out NetlinkField attribute)
    {
        attribute = default;
        int length = _rest.Length >= HeaderSize ? MemoryMarshal.Read<ushort>(_rest) : 0;
        if (length < HeaderSize || length > _rest.Length)
        {
            _rest = default;
            return false;
        }

        int type = MemoryMarshal.Read<ushort>(_rest[2..]) & NetlinkAbi.NLA_TYPE_MASK;
        attribute = new NetlinkField((ushort)type, _rest[HeaderSize..length]);
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The first attribute of a type among those not yet read. Reading goes on where it was.</summary>
    public readonly bool TryFind(ushort type, out NetlinkField attribute)
    {
        NetlinkAttributes walk = this;
        while (walk.TryRead(out attribute))
        {
            if (attribute.Type == type)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One attribute. A value shorter than what is asked for reads as zero.</summary>
public readonly ref struct NetlinkField
{
    internal NetlinkField(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    /// <summary>The type, without the nested and byte-order bits.</summary>
    public ushort Type { get; }

    /// <summary>The octets.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>A 32-bit number sent in host order.</summary>
    public uint Number => MemoryMarshal.TryRead(Value, out uint number) ? number : 0;

    /// <summary>A 16-bit number sent in host order.</summary>
    public ushort Short => MemoryMarshal.TryRead(Value, out ushort number) ? number : (ushort)0;

    /// <summary>An 8-bit number.</summary>
    public byte Octet => Value.Length > 0 ? Value[0] : (byte)0;

    /// <summary>A 32-bit number sent in network order, such as an IPv4 address.</summary>
    public uint BigEndian => BinaryPrimitives.TryReadUInt32BigEndian(Value, out uint number) ? number : 0;

    /// <summary>An address of either family; nothing unless there are 4 or 16 octets.</summary>
    public IpAddress Address => Value.Length == IpAddress.SizeV6 ? IpAddress.FromV6(Value)
        : Value.Length == 4 ? BigEndian : default(IpAddress);

    /// <summary>A 64-bit number sent in network order, such as an nf_tables counter.</summary>
    public ulong BigEndian64 => BinaryPrimitives.TryReadUInt64BigEndian(Value, out ulong number) ? number : 0;

    /// <summary>An Ethernet address in 48 bits, octet 0 most significant; null unless there are six octets.</summary>
    public ulong? Mac => Value.Length == 6
        ? ((ulong)BinaryPrimitives.ReadUInt16BigEndian(Value) << 32) | BinaryPrimitives.ReadUInt32BigEndian(Value[2..])
        : null;

    /// <summary>A string up to its terminating zero.</summary>
    public string Text
    {
        get
        {
            int end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>The attributes inside a nested one.</summary>
    public NetlinkAttributes Nested => new(Value);
}
