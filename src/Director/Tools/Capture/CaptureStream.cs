using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Director.Control;

namespace XdpLvs.Director.Tools.Capture;

/// <summary>The command's side of a capture: reads what the daemon streams. The caller owns the stream.</summary>
internal sealed class CaptureStream(BufferedStream stream)
{
    private const int AnswerMax = 64 * 1024;

    private readonly byte[] _header = new byte[CaptureRecord.Size], _frame = new byte[CaptureRecord.LengthMax];

    /// <summary>Reads the daemon's answer to the request.</summary>
    /// <exception cref="IOException">The daemon went away.</exception>
    internal ControlAnswer ReadAnswer()
    {
        using var line = new MemoryStream();
        int octet;
        while ((octet = stream.ReadByte()) is not ('\n' or -1) && line.Length < AnswerMax)
        {
            line.WriteByte((byte)octet);
        }

        string text = Encoding.UTF8.GetString(line.ToArray());
        return JsonSerializer.Deserialize(text, ControlJson.Default.ControlAnswer)
            ?? throw new IOException("no answer");
    }

    /// <summary>Reads the next record, and its frame.</summary>
    /// <returns>The frame is valid until the next call; null at the end of the stream.</returns>
    /// <exception cref="IOException">The stream ends within a record, or holds none.</exception>
    internal async Task<(CaptureRecord Record, ReadOnlyMemory<byte> Frame)?> ReadAsync(CancellationToken stop)
    {
        int read = await stream.ReadAtLeastAsync(_header, _header.Length, throwOnEndOfStream: false, stop)
            .ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        CaptureRecord record = read == _header.Length ? CaptureRecord.Read(_header) : new CaptureRecord(-1, default, 0);
        if (record.Length is < 0 or > CaptureRecord.LengthMax)
        {
            throw new IOException("the stream is damaged");
        }

        await stream.ReadExactlyAsync(_frame.AsMemory(0, record.Length), stop).ConfigureAwait(false);
        return (record, _frame.AsMemory(0, record.Length));
    }
}
