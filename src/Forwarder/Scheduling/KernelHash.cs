using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>The hashes by which the kernel chooses a real server: without a secret, so that directors agree.</summary>
internal static class KernelHash
{
    /// <summary>Buckets of sh and dh.</summary>
    internal const int Buckets = 256;

    private const uint GoldenRatio = 0x61C88647;
    private const int BucketShift = 24; // the upper eight bits, of 2^8 buckets

    /// <summary>An address in 32 bits, host order: IPv4 as it is, the four words of IPv6 folded into one.</summary>
    /// <param name="address">Of a client, a service or a server.</param>
    /// <param name="isV4">The family of the service; an IPv6 client may have an IPv4 address in mapped form.</param>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_sh.c, ip_vs_sh_hashkey; dh and mh do the same.</remarks>
    internal static uint Fold(IpAddress address, bool isV4)
    {
        ulong half = address.High ^ address.Low;
        return isV4 ? address.V4 : unchecked((uint)(half >> 32) ^ (uint)half);
    }

    /// <summary>Its bucket, below <see cref="Buckets"/>.</summary>
    /// <remarks>Linux include/linux/hash.h, hash_32 with 8 bits.</remarks>
    internal static int BucketOf(uint word) => (int)(unchecked(word * GoldenRatio) >> BucketShift);

    /// <summary>The kernel's hsiphash of one word on a 64-bit machine: SipHash-1-3, its lower half.</summary>
    /// <remarks>Linux lib/siphash.c, hsiphash_1u32. Aumasson and Bernstein, "SipHash", section 2.</remarks>
    /// <param name="word">Hashed as four octets, least significant first.</param>
    /// <param name="key0">Key, lower half.</param>
    /// <param name="key1">Key, upper half.</param>
    internal static uint SipHash(uint word, ulong key0, ulong key1)
    {
        const ulong Length = 4UL << 56;
        var state = new SipState(
            key0 ^ 0x736F6D6570736575, key1 ^ 0x646F72616E646F6D, key0 ^ 0x6C7967656E657261, key1 ^ 0x7465646279746573);
        ulong block = Length | word;
        state.V3 ^= block;
        state.Round();
        state.V0 ^= block;
        state.V2 ^= 0xFF;
        state.Round();
        state.Round();
        state.Round();
        return unchecked((uint)(state.V0 ^ state.V1 ^ state.V2 ^ state.V3));
    }

    private struct SipState(ulong v0, ulong v1, ulong v2, ulong v3)
    {
        internal ulong V0 = v0, V1 = v1, V2 = v2, V3 = v3;

        internal void Round()
        {
            unchecked
            {
                V0 += V1;
                V2 += V3;
                V1 = ulong.RotateLeft(V1, 13) ^ V0;
                V3 = ulong.RotateLeft(V3, 16) ^ V2;
                V0 = ulong.RotateLeft(V0, 32) + V3;
                V2 += V1;
                V3 = ulong.RotateLeft(V3, 21) ^ V0;
                V1 = ulong.RotateLeft(V1, 17) ^ V2;
                V2 = ulong.RotateLeft(V2, 32);
            }
        }
    }
}
