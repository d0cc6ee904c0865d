using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace XdpLvs.Checks;

/// <summary>The record types that keepalived's DNS_CHECK knows, by their numbers (RFC 1035 section 3.2.2).</summary>
public enum DnsType
{
    /// <summary>An IPv4 address.</summary>
    A = 1,

    /// <summary>A name server.</summary>
    Ns = 2,

    /// <summary>An alias.</summary>
    Cname = 5,

    /// <summary>The start of a zone.</summary>
    Soa = 6,

    /// <summary>A mail exchanger.</summary>
    Mx = 15,

    /// <summary>Text.</summary>
    Txt = 16,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    Aaaa = 28,
}

/// <summary>One question to a name server, and how to know its answer.</summary>
/// <remarks>RFC 1035 section 4.1.</remarks>
public sealed class DnsQuestion
{
    private const int HeaderOctets = 12, LabelOctetsMax = 63, NameOctetsMax = 255;
    private const ushort ClassInternet = 1, FlagResponse = 0x8000, FlagRecursionDesired = 0x0100, CodeMask = 0x000F;

    private readonly byte[] _octets;

    private DnsQuestion(byte[] octets) => _octets = octets;

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Octets => _octets;

    /// <summary>Whether a name can be asked for: labels of 1 to 63 octets, 255 together, or the root, ".".</summary>
    public static bool CanAsk(string name)
    {
        if (name == ".")
        {
            return true;
        }

        string[] labels = name.TrimEnd('.').Split('.');
        int octets = 1;
        foreach (string label in labels)
        {
            int length = Encoding.UTF8.GetByteCount(label);
            octets += length + 1;
            if (length is 0 or > LabelOctetsMax)
            {
                return false;
            }
        }

        return octets <= NameOctetsMax && !name.EndsWith("..", StringComparison.Ordinal);
    }

    /// <summary>A question with a number that nobody can guess.</summary>
    /// <exception cref="ArgumentException">The name cannot be asked for, see <see cref="CanAsk"/>.</exception>
    public static DnsQuestion Draw(string name, DnsType type)
    {
        if (!CanAsk(name))
        {
            throw new ArgumentException($"'{name}' is no domain name", nameof(name));
        }

        byte[] octets = new byte[HeaderOctets + NameOctetsMax + 4];
        RandomNumberGenerator.Fill(octets.AsSpan(0, 2));
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), FlagRecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(4), 1); // questions
        int end = HeaderOctets;
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            int length = Encoding.UTF8.GetBytes(label, octets.AsSpan(end + 1));
            octets[end] = (byte)length;
            end += 1 + length;
        }

        end++; // the root's empty label
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(end), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(end + 2), ClassInternet);
        return new DnsQuestion(octets[..(end + 4)]);
    }

    /// <summary>Whether a datagram is an answer to it; anything else is somebody's noise.</summary>
    /// <param name="datagram">As it came.</param>
    /// <param name="code">The answer's error code; 0 is none.</param>
    public bool IsAnsweredBy(ReadOnlySpan<byte> datagram, out int code)
    {
        code = 0;
        if (datagram.Length < HeaderOctets || !datagram[..2].SequenceEqual(_octets.AsSpan(0, 2)))
        {
            return false;
        }

        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        code = flags & CodeMask;
        return (flags & FlagResponse) != 0;
    }
}
