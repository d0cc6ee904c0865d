using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Rings.Xdp;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// Plays the kernel's half of an AF_XDP socket over plain memory, as slowly or quickly as a test wants.
/// </summary>
internal sealed unsafe class FakeKernel : IXskKick, IDisposable
{
    internal const uint FrameCount = 16, ChunkSize = 2048, RingCapacity = 8;

    private const ulong Headroom = 256;

    private readonly List<nint> _allocated = [];
    private readonly Queue<ulong> _inFlight = new();
    private readonly XskRings _rings;

    /// <param name="start">Where the rings' indices begin.</param>
    /// <param name="merged">Where merged frames are cut; null: none come.</param>
    internal FakeKernel(uint start, MergedFrames? merged = null)
    {
        _rings = new XskRings
        {
            Fill = Ring<ulong>(FrameCount, start),
            Completion = Ring<ulong>(FrameCount, start),
            Receive = Ring<xdp_desc>(RingCapacity, start),
            Transmit = Ring<xdp_desc>(RingCapacity, start),
            Frames = (byte*)Allocate((int)(FrameCount * ChunkSize)),
            FrameCount = FrameCount,
            ChunkSize = ChunkSize,
            Merged = merged,
        };
        *_rings.Transmit.Flags = XdpAbi.RingNeedsWakeup;
    }

    /// <summary>How often it was asked to send.</summary>
    internal int Kicks { get; private set; }

    /// <summary>Frames that one kick takes.</summary>
    internal int Budget { get; set; } = int.MaxValue;

    /// <summary>What it answers to a kick.</summary>
    internal bool Accepts { get; set; } = true;

    internal bool NeedsWakeup
    {
        set => *_rings.Transmit.Flags = value ? XdpAbi.RingNeedsWakeup : 0;
    }

    internal XskPort OpenPort() => new(_rings, this);

    public bool Kick()
    {
        Kicks++;
        Take(Accepts ? Budget : 0);
        return Accepts;
    }

    /// <summary>
    /// A frame arrives: one from the fill ring goes into the receive ring. False when there is none or no room.
    /// </summary>
    internal bool Arrive(uint length) => Arrive(length, 0);

    /// <summary>A frame arrives in as many chunks as it takes.</summary>
    internal bool Arrive(ReadOnlySpan<byte> frame)
    {
        const int PartMax = (int)(ChunkSize - Headroom);
        for (; !frame.IsEmpty; frame = frame[Math.Min(PartMax, frame.Length)..])
        {
            ReadOnlySpan<byte> part = frame[..Math.Min(PartMax, frame.Length)];
            if (Waiting(_rings.Fill) == 0)
            {
                return false;
            }

            ulong at = Fill()[0] + Headroom;
            part.CopyTo(new Span<byte>(_rings.Frames + at, part.Length));
            if (!Arrive((uint)part.Length, part.Length < frame.Length ? XdpAbi.Continues : 0))
            {
                return false;
            }
        }

        return true;
    }

    private bool Arrive(uint length, uint options)
    {
        if (Waiting(_rings.Fill) == 0 || Waiting(_rings.Receive) == RingCapacity)
        {
            return false;
        }

        ulong chunk = Pop(_rings.Fill);
        Push(_rings.Receive, new xdp_desc { addr = chunk + Headroom, len = length, options = options });
        return true;
    }

    /// <summary>Takes frames from the transmit ring; they are on their way.</summary>
    internal void Take(int count)
    {
        for (; count > 0 && Waiting(_rings.Transmit) > 0; count--)
        {
            _inFlight.Enqueue(Pop(_rings.Transmit).addr);
        }
    }

    /// <summary>Frames have left: they go into the completion ring.</summary>
    internal void Complete(int count)
    {
        for (; count > 0 && _inFlight.Count > 0; count--)
        {
            Push(_rings.Completion, _inFlight.Dequeue());
        }
    }

    /// <summary>Every frame that the kernel can see or holds, by chunk.</summary>
    internal List<ulong> Chunks()
    {
        List<ulong> addresses = [.. _inFlight];
        addresses.AddRange(Seen(_rings.Fill));
        addresses.AddRange(Seen(_rings.Completion));
        addresses.AddRange(Seen(_rings.Receive).ConvertAll(descriptor => descriptor.addr));
        addresses.AddRange(Seen(_rings.Transmit).ConvertAll(descriptor => descriptor.addr));
        return addresses.ConvertAll(address => address / ChunkSize);
    }

    internal List<ulong> Fill() => Seen(_rings.Fill);

    internal byte* FrameAt(ulong address) => _rings.Frames + address;

    public void Dispose() => _allocated.ForEach(pointer => NativeMemory.Free((void*)pointer));

    private RingMemory<T> Ring<T>(uint capacity, uint start)
        where T : unmanaged
    {
        uint* indices = (uint*)Allocate(3 * sizeof(uint));
        (indices[0], indices[1]) = (start, start);
        return new RingMemory<T>
        {
            Producer = indices,
            Consumer = indices + 1,
            Flags = indices + 2,
            Slots = (T*)Allocate((int)capacity * sizeof(T)),
            Capacity = capacity,
        };
    }

    private void* Allocate(int octets)
    {
        void* pointer = NativeMemory.AllocZeroed((nuint)octets);
        _allocated.Add((nint)pointer);
        return pointer;
    }

    private static uint Waiting<T>(in RingMemory<T> ring)
        where T : unmanaged => unchecked(*ring.Producer - *ring.Consumer);

    private static T Pop<T>(in RingMemory<T> ring)
        where T : unmanaged
    {
        T item = ring.Slots[*ring.Consumer & (ring.Capacity - 1)];
        *ring.Consumer = unchecked(*ring.Consumer + 1);
        return item;
    }

    private static void Push<T>(in RingMemory<T> ring, T item)
        where T : unmanaged
    {
        ring.Slots[*ring.Producer & (ring.Capacity - 1)] = item;
        *ring.Producer = unchecked(*ring.Producer + 1);
    }

    private static List<T> Seen<T>(in RingMemory<T> ring)
        where T : unmanaged
    {
        List<T> items = [];
        for (uint at = *ring.Consumer; at != *ring.Producer; at = unchecked(at + 1))
        {
            items.Add(ring.Slots[at & (ring.Capacity - 1)]);
        }

        return items;
    }
}
