using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace XdpLvs.Checks;

/// <summary>
/// A web server's answer while it comes: takes octets as they arrive, in any pieces, and keeps no more of them than is
/// asked for. Nothing is decompressed or unchunked: keepalived's digests are of what is on the wire.
/// </summary>
/// <param name="wantsDigest">Whether the body's MD5 is wanted; then all of it is read, however long.</param>
/// <param name="windowStart">From which octet of the body on it is kept.</param>
/// <param name="windowOctets">How many are kept.</param>
internal sealed class HttpAnswer(bool wantsDigest, int windowStart, int windowOctets) : IDisposable
{
    /// <summary>Octets of status line and headers, and of a body that nobody wants to know.</summary>
    internal const int OctetsMax = 64 * 1024;

#pragma warning disable CA5351 // the digest that configurations hold is MD5: it recognises a page, it protects nothing
    private readonly IncrementalHash? _digest = wantsDigest ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
#pragma warning restore CA5351
    private readonly byte[] _window = new byte[windowOctets];
    private byte[] _head = new byte[1024];
    private int _headLength, _windowLength;
    private long? _bodyLength;
    private long _bodyRead;

    /// <summary>The head has come: there is an answer.</summary>
    internal bool HasHead { get; private set; }

    /// <summary>The head is longer than anybody's.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>The status code; 0 if what came is no status line.</summary>
    internal int Status { get; private set; }

    /// <summary>Nothing more is needed, or wanted.</summary>
    internal bool IsComplete => IsTooLong || (HasHead && (_bodyRead >= _bodyLength || IsSated));

    /// <summary>The part of the body that was to be kept.</summary>
    internal ReadOnlySpan<byte> Window => _window.AsSpan(0, _windowLength);

    private bool IsSated => !wantsDigest && _bodyRead >= Math.Max(OctetsMax, (long)windowStart + windowOctets);

    /// <summary>Takes the next octets.</summary>
    internal void Take(ReadOnlySpan<byte> octets)
    {
        if (HasHead)
        {
            TakeBody(octets);
        }
        else if (!IsTooLong)
        {
            TakeHead(octets);
        }
    }

    /// <summary>The digest of the body as far as it came, 32 hexadecimal digits. Once, at the end.</summary>
    internal string Digest() => Convert.ToHexStringLower(_digest!.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _digest?.Dispose();

    private void TakeHead(ReadOnlySpan<byte> octets)
    {
        int known = _headLength, room = Math.Min(octets.Length, OctetsMax - known);
        if (_head.Length < known + room)
        {
            Array.Resize(ref _head, Math.Max(_head.Length * 2, known + room));
        }

        octets[..room].CopyTo(_head.AsSpan(known));
        _headLength = known + room;
        int end = EndOfHead(_head.AsSpan(0, _headLength), Math.Max(known - 3, 0));
        if (end < 0)
        {
            IsTooLong = _headLength == OctetsMax;
            return;
        }

        HasHead = true;
        ReadHead(_head.AsSpan(0, end));
        TakeBody(octets[(end - known)..]);
    }

    private void TakeBody(ReadOnlySpan<byte> octets)
    {
        if (_bodyLength is { } length && octets.Length > length - _bodyRead)
        {
            octets = octets[..(int)Math.Max(length - _bodyRead, 0)];
        }

        _digest?.AppendData(octets);
        long skip = Math.Max(windowStart - _bodyRead, 0);
        if (skip < octets.Length && _windowLength < _window.Length)
        {
            ReadOnlySpan<byte> kept = octets[(int)skip..];
            kept = kept[..Math.Min(kept.Length, _window.Length - _windowLength)];
            kept.CopyTo(_window.AsSpan(_windowLength));
            _windowLength += kept.Length;
        }

        _bodyRead += octets.Length;
    }

    /// <summary>
    /// Where the body begins: after an empty line, with or without carriage returns; negative: not yet.
    /// </summary>
    private static int EndOfHead(ReadOnlySpan<byte> head, int from)
    {
        for (int i = from; i < head.Length; i++)
        {
            if (head[i] == '\n')
            {
                ReadOnlySpan<byte> rest = head[(i + 1)..];
                if (rest.StartsWith("\n"u8) || rest.StartsWith("\r\n"u8))
                {
                    return i + (rest[0] == '\n' ? 2 : 3);
                }
            }
        }

        return -1;
    }

    private void ReadHead(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.Latin1.GetString(head).Split('\n');
        string[] words = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool speaksHttp = words.Length > 1 && words[0].StartsWith("HTTP/", StringComparison.Ordinal);
        Status = speaksHttp && Number(words[1]) is >= 100 and <= 999 and var code ? (int)code : 0;
        foreach (string line in lines)
        {
            const string Name = "Content-Length:";
            if (line.StartsWith(Name, StringComparison.OrdinalIgnoreCase))
            {
                _bodyLength = Number(line[Name.Length..].Trim()); // nonsense is as good as none
                return;
            }
        }
    }

    private static long? Number(string text) =>
        long.TryParse(text.TrimEnd('\r'), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : null;
}
