using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>Writes BFD control packets.</summary>
/// <remarks>RFC 5880 section 6.8.7. Allocates nothing.</remarks>
public static class BfdWriter
{
    /// <summary>Writes what the session says now.</summary>
    /// <param name="target">At least <see cref="BfdView.Size"/> octets.</param>
    /// <param name="state">The session.</param>
    /// <param name="self">Its settings.</param>
    /// <param name="isAnswer">Whether it answers a poll; then it asks for no answer itself.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> target, in BfdState state, BfdSettings self, bool isAnswer)
    {
        Span<byte> packet = target[..BfdView.Size];
        packet.Clear();
        int flags = isAnswer ? BfdView.FinalFlag : state.IsPolling ? BfdView.PollFlag : 0;
        packet[BfdView.VersionOffset] = (byte)((BfdReader.Version << 5) | (int)state.Diagnostic);
        packet[BfdView.FlagsOffset] = (byte)(((int)state.Session << 6) | flags);
        packet[BfdView.MultiplierOffset] = self.Multiplier;
        packet[BfdView.LengthOffset] = BfdView.Size;
        Put(packet, BfdView.DiscriminatorOffset, self.Discriminator);
        Put(packet, BfdView.YourDiscriminatorOffset, state.RemoteDiscriminator);
        Put(packet, BfdView.MinTxOffset, state.MinTxMicroseconds);
        Put(packet, BfdView.MinRxOffset, self.MinRxMicroseconds);
        return packet.Length;
    }

    private static void Put(Span<byte> packet, int offset, long value) => BinaryPrimitives.WriteUInt32BigEndian(
        packet[offset..], (uint)Math.Clamp(value, 0, uint.MaxValue));
}
