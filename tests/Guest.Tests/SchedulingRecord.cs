using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Guest.Tests;

/// <summary>Where the guest's kernel sent each frame: what tcpdump saw behind the director.</summary>
internal sealed class SchedulingRecord
{
    private const int TypeOffset = 12, PacketOffset = 14, SizeV4 = 20, SizeV6 = 40, TcpFlagsOffset = 13;
    private const byte Tcp = 6;

    private readonly Dictionary<(IpAddress To, IpAddress From, ushort Port, TcpControl Control), int> _servers = [];

    internal SchedulingRecord(string path)
    {
        foreach (byte[] frame in Capture.Frames(path))
        {
            Add(frame);
        }
    }

    /// <summary>Frames seen.</summary>
    internal int Count => _servers.Count;

    /// <summary>The server that a client's frame went to; 0 when it went to none.</summary>
    internal int ServerOf(SchedulingCase one, ClientFrame frame) =>
        _servers.GetValueOrDefault((one.Key(frame.Service).Address, frame.Client, frame.Port, frame.Control));

    /// <summary>Reads it by itself, not to share a fault with the forwarder.</summary>
    private void Add(byte[] frame)
    {
        ReadOnlySpan<byte> packet = frame.AsSpan(PacketOffset);
        bool isV4 = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(TypeOffset)) == 0x0800;
        IpAddress from = isV4 ? BinaryPrimitives.ReadUInt32BigEndian(packet[12..]) : IpAddress.FromV6(packet[8..24]);
        IpAddress to = isV4 ? BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) : IpAddress.FromV6(packet[24..40]);
        bool isTcp = packet[isV4 ? 9 : 6] == Tcp;
        ReadOnlySpan<byte> segment = packet[(isV4 ? SizeV4 : SizeV6)..];
        TcpControl control = isTcp ? (TcpControl)segment[TcpFlagsOffset] : 0;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(segment);
        if (!_servers.TryAdd((to, from, port, control), frame[5]))
        {
            throw new InvalidOperationException($"{from} {port} {control} was forwarded twice");
        }
    }
}
