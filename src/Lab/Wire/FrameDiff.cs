using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Lab.Wire;

/// <summary>One field of two frames side by side.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Before">As the first tap saw it.</param>
/// <param name="After">As the second tap saw it.</param>
public sealed record FieldPair(string Field, string Before, string After)
{
    /// <summary>True when the two differ.</summary>
    public bool Differs => Before != After;
}

/// <summary>Compares two sightings of one TCP segment field by field, leaving no octet out.</summary>
public static class FrameDiff
{
    private enum Form
    {
        Mac,
        Ip,
        Number,
        Hex,
    }

    /// <summary>All fields, in wire order.</summary>
    public static IReadOnlyList<FieldPair> Compare(CapturedFrame before, CapturedFrame after) =>
        [.. Fields(before).Select(field => new FieldPair(field.Name, Read(before, field), Read(after, field)))];

    /// <summary>The offsets at which two sightings differ; a difference in length counts as one.</summary>
    public static IReadOnlyList<int> DifferingOffsets(CapturedFrame before, CapturedFrame after)
    {
        int shared = Math.Min(before.Length, after.Length);
        var offsets = Enumerable.Range(0, shared).Where(i => before.Octets[i] != after.Octets[i]).ToList();
        if (before.Length != after.Length)
        {
            offsets.Add(shared);
        }

        return offsets;
    }

    private static (string Name, int Offset, int Length, Form Form)[] Fields(CapturedFrame frame)
    {
        int ip = CapturedFrame.EthernetSize, tcp = frame.Layer4;
        return
        [
            ("Ethernet target", 0, 6, Form.Mac),
            ("Ethernet source", 6, 6, Form.Mac),
            ("Ethernet type", 12, 2, Form.Hex),
            ("IPv4 version, header length", ip, 1, Form.Hex),
            ("IPv4 type of service", ip + 1, 1, Form.Hex),
            ("IPv4 total length", ip + 2, 2, Form.Number),
            ("IPv4 identification", ip + 4, 2, Form.Hex),
            ("IPv4 flags, fragment offset", ip + 6, 2, Form.Hex),
            ("IPv4 time to live", ip + 8, 1, Form.Number),
            ("IPv4 protocol", ip + 9, 1, Form.Number),
            ("IPv4 header checksum", ip + 10, 2, Form.Hex),
            ("IPv4 source", ip + 12, 4, Form.Ip),
            ("IPv4 destination", ip + 16, 4, Form.Ip),
            ("IPv4 options", ip + 20, tcp - ip - 20, Form.Hex),
            ("TCP source port", tcp, 2, Form.Number),
            ("TCP destination port", tcp + 2, 2, Form.Number),
            ("TCP sequence number", tcp + 4, 4, Form.Hex),
            ("TCP acknowledgement", tcp + 8, 4, Form.Hex),
            ("TCP header length, flags", tcp + 12, 2, Form.Hex),
            ("TCP window", tcp + 14, 2, Form.Number),
            ("TCP checksum", tcp + 16, 2, Form.Hex),
            ("TCP urgent pointer", tcp + 18, 2, Form.Hex),
            ("TCP options and data", tcp + 20, frame.Length - tcp - 20, Form.Hex),
        ];
    }

    private static string Read(CapturedFrame frame, (string Name, int Offset, int Length, Form Form) field)
    {
        if (field.Offset + field.Length > frame.Octets.Length)
        {
            return "(cut off)";
        }

        byte[] octets = frame.Octets.Slice(field.Offset, field.Length).ToArray();
        return field.Form switch
        {
            Form.Mac => string.Join(':', octets.Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture))),
            Form.Ip => string.Join('.', octets),
            Form.Number => octets.Aggregate(0L, (sum, octet) => (sum << 8) | octet)
                .ToString(CultureInfo.InvariantCulture),
            _ => octets.Length == 0 ? "none" : Convert.ToHexStringLower(octets),
        };
    }
}
