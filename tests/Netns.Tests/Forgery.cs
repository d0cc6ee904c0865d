using System;
using System.Buffers.Binary;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>A captured advert with its sender replaced and one thing made wrong; everything else stays right.</summary>
internal static class Forgery
{
    /// <summary>Where the parts of an advert without IP options lie in its frame.</summary>
    public const int Ip = 14, Ttl = Ip + 8, Source = Ip + 12, Vrrp = Ip + 20, Version = Vrrp, Vrid = Vrrp + 1,
        Priority = Vrrp + 2, Interval = Vrrp + 5, Checksum = Vrrp + 6, Vip = Vrrp + 8, Password = Vrrp + 12;

    /// <summary>Builds the forgery.</summary>
    /// <param name="genuine">A master's advert.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="change">Makes it wrong; both checksums are put right afterwards.</param>
    /// <param name="spoil">Makes it wrong for good.</param>
    public static byte[] Of(CapturedFrame genuine, Injector by, Action<byte[]>? change, Action<byte[]>? spoil = null)
    {
        byte[] frame = genuine.Octets.ToArray();
        by.Mac.CopyTo(frame, 6);
        by.Address.CopyTo(frame, Source);
        change?.Invoke(frame);
        SetChecksums(frame);
        spoil?.Invoke(frame);
        return frame;
    }

    /// <summary>The same with the message cut short, its IP header telling the new length.</summary>
    public static byte[] Cut(byte[] advert, int octets)
    {
        byte[] frame = advert[..^octets];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Ip + 2), (ushort)(frame.Length - Ip));
        SetChecksums(frame);
        return frame;
    }

    /// <summary>Puts the IPv4 header's checksum right. An IHL that leads out of the frame is left alone.</summary>
    public static void SetIpChecksum(Span<byte> frame)
    {
        int size = (frame[Ip] & 0x0f) * 4;
        if (size >= 20 && frame.Length >= Ip + size)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame[(Ip + 10)..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(frame[(Ip + 10)..], Sum(frame.Slice(Ip, size)));
        }
    }

    /// <summary>RFC 1071.</summary>
    public static ushort Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i++)
        {
            sum += (uint)(i % 2 == 0 ? octets[i] << 8 : octets[i]);
        }

        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    private static void SetChecksums(byte[] frame)
    {
        SetIpChecksum(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Checksum), 0);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Checksum), Sum(frame.AsSpan(Vrrp)));
    }
}
