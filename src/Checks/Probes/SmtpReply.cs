using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>Reads replies of a mail server, which may have several lines (RFC 5321 section 4.2.1).</summary>
internal sealed class SmtpReply(Socket socket)
{
    /// <summary>In place of a code: what came is no reply, or is longer than anybody's.</summary>
    internal const int Nonsense = -1;

    /// <summary>In place of a code: the connection ended.</summary>
    internal const int Broken = -2;

    private const int OctetsMax = 64 * 1024, CodeDigits = 3;

    private readonly byte[] _buffer = new byte[OctetsMax];
    private int _length;

    /// <summary>The code of the next reply, or one of the two constants.</summary>
    internal async ValueTask<int> ReadAsync(CancellationToken stop)
    {
        int lineStart = 0;
        while (true)
        {
            while (Array.IndexOf(_buffer, (byte)'\n', lineStart, _length - lineStart) is >= 0 and var end)
            {
                int code = Code(_buffer.AsSpan(lineStart, end - lineStart), out bool isLast);
                lineStart = end + 1;
                if (isLast)
                {
                    _buffer.AsSpan(lineStart, _length - lineStart).CopyTo(_buffer);
                    _length -= lineStart;
                    return code;
                }
            }

            if (_length == _buffer.Length)
            {
                return Nonsense;
            }

            int read = await socket.ReceiveAsync(_buffer.AsMemory(_length), stop).ConfigureAwait(false);
            if (read == 0)
            {
                return Broken;
            }

            _length += read;
        }
    }

    private static int Code(ReadOnlySpan<byte> line, out bool isLast)
    {
        isLast = true;
        int code = 0;
        for (int i = 0; i < CodeDigits; i++)
        {
            if (i >= line.Length || !char.IsAsciiDigit((char)line[i]))
            {
                return Nonsense;
            }

            code = (code * 10) + line[i] - '0';
        }

        isLast = line.Length <= CodeDigits || line[CodeDigits] != '-';
        return code;
    }
}
