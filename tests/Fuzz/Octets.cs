using System;
using System.Collections.Generic;

namespace XdpLvs.Fuzz;

/// <summary>Makes good octets bad.</summary>
internal sealed class Octets(Random random)
{
    private const int HeadersSize = 128;

    private static readonly byte[] Interesting =
        [0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 16, 17, 20, 28, 40, 44, 50, 51, 58, 60, 64, 112, 127, 128, 132, 254, 255];

    /// <summary>One of the seeds, changed in a few places, or in none.</summary>
    internal byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        byte[] octets = [.. seeds[random.Next(seeds.Count)]];
        for (int changes = random.Next(4) * random.Next(3); changes > 0; changes--)
        {
            octets = Change(octets, seeds);
        }

        return octets;
    }

    private byte[] Change(byte[] octets, IReadOnlyList<byte[]> seeds)
    {
        int near = random.Next(3) == 0 ? HeadersSize : int.MaxValue;
        int at = octets.Length == 0 ? 0 : random.Next(Math.Min(octets.Length, near));
        switch (octets.Length == 0 ? 5 : random.Next(8))
        {
            case 0:
                octets[at] = (byte)random.Next(256);
                return octets;
            case 1:
                octets[at] ^= (byte)(1 << random.Next(8));
                return octets;
            case 2:
                octets[at] = Interesting[random.Next(Interesting.Length)];
                return octets;
            case 3:
                return octets[..at];
            case 4: // some left out
                return [.. octets[..at], .. octets[Math.Min(octets.Length, at + random.Next(1, 20))..]];
            case 5: // some put in
                byte[] more = new byte[random.Next(1, 20)];
                random.NextBytes(more);
                return [.. octets[..at], .. more, .. octets[at..]];
            case 6: // said twice
                int end = Math.Min(octets.Length, at + random.Next(1, 40));
                return [.. octets[..end], .. octets[at..]];
            default: // the end of another
                byte[] other = seeds[random.Next(seeds.Count)];
                return [.. octets[..at], .. other[Math.Min(at, other.Length)..]];
        }
    }
}
