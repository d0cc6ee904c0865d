using System;
using System.Globalization;
using System.Text;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>
/// Addresses as the C library's inet_ntop prints them, which is where ipvsadm's texts come from. The runtime's own text
/// differs in rare IPv6 addresses: it shows an IPv4 address at the end of more of them.
/// </summary>
/// <remarks>glibc resolv/inet_ntop.c; RFC 5952 section 4.</remarks>
internal static class IpvsAddress
{
    private const int Words = 8;

    /// <summary>"192.168.5.100", "2001:db8::1", "::192.168.5.100".</summary>
    internal static string Text(IpAddress address)
    {
        if (address.IsV4)
        {
            return address.ToString();
        }

        Span<ushort> words = stackalloc ushort[Words];
        for (int i = 0; i < Words; i++)
        {
            words[i] = unchecked((ushort)((i < 4 ? address.High : address.Low) >> (48 - (i % 4 * 16))));
        }

        (int zeros, int count) = LongestZeros(words);
        var text = new StringBuilder();
        for (int i = 0; i < Words; i++)
        {
            if (i >= zeros && i < zeros + count)
            {
                text.Append(i == zeros ? ":" : "");
                continue;
            }

            text.Append(i == 0 ? "" : ":");
            if (i == 6 && zeros == 0 && count == 6)
            {
                return text.Append(((IpAddress)unchecked((uint)address.Low)).ToString()).ToString();
            }

            text.Append(words[i].ToString("x", CultureInfo.InvariantCulture));
        }

        return text.Append(zeros + count == Words && count > 0 ? ":" : "").ToString();
    }

    /// <summary>Where the first of the longest runs of zeros begins, of two words at least; (Words, 0): none.</summary>
    private static (int First, int Count) LongestZeros(ReadOnlySpan<ushort> words)
    {
        (int First, int Count) best = (Words, 0);
        for (int i = 0; i < Words; i++)
        {
            int end = i;
            while (end < Words && words[end] == 0)
            {
                end++;
            }

            best = end - i > Math.Max(best.Count, 1) ? (i, end - i) : best;
            i = Math.Max(i, end - 1);
        }

        return best;
    }
}
