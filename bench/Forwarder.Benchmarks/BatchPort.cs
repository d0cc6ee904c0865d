using System;
using XdpLvs.Forwarder.Rings;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>A port whose frames lie ready, 2,048 octets apart, and whose wire takes everything.</summary>
internal readonly unsafe struct BatchPort(byte* memory, int count, int length) : IFramePort
{
    internal const int ChunkSize = 2048;

    public bool HasBacklog => false;

    public int Receive(Span<Frame> batch)
    {
        for (int i = 0; i < count; i++)
        {
            batch[i] = new Frame((ulong)(i * ChunkSize), length);
        }

        return count;
    }

    public Span<byte> Bytes(Frame frame) => new(memory + frame.Address, frame.Length);

    public bool TryReplace(ref Frame frame, ReadOnlySpan<byte> octets) => false;

    public bool TryKeep(ref Frame frame) => false;

    public int Transmit(ReadOnlySpan<Frame> frames) => frames.Length;

    public void Recycle(Frame frame)
    {
        // the next batch overwrites it
    }
}
