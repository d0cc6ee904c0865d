using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using SharpPcap;
using SharpPcap.LibPcap;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tools;
using XdpLvs.Director.Tools.Capture;

namespace XdpLvs.Director.Commands;

/// <summary>What to capture.</summary>
/// <param name="ControlPath">The daemon's socket.</param>
/// <param name="Interface">Whose rings.</param>
/// <param name="Output">Capture to write.</param>
/// <param name="Filter">pcap-filter(7); empty takes all.</param>
/// <param name="Count">Frames after which it ends; null: none.</param>
/// <param name="In">Frames that come in.</param>
/// <param name="Out">Frames that go out.</param>
internal sealed record CaptureOptions(
    string ControlPath, string Interface, string Output, string Filter, long? Count, bool In, bool Out);

/// <summary>xdplvs capture: what enters and leaves the rings of the running daemon, into a file.</summary>
internal sealed class CaptureCommand(CaptureOptions options, TextWriter complaints) : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _giveUp = new();
    private Socket? _socket;
    private long _written, _lost;
    private int _enough;

    /// <summary>Runs until it is enough, or until it is told so by SIGINT or SIGTERM. Returns the exit code.</summary>
    internal async Task<int> RunAsync()
    {
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, HaveEnough);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, HaveEnough);
        try
        {
            using BpfProgram? filter = options.Filter.Length > 0 ? CaptureFiles.CompileFilter(options.Filter) : null;
            return await CaptureAsync(filter).ConfigureAwait(false);
        }
        catch (IOException error) // the filter, or the file
        {
            complaints.WriteLine($"xdplvs: {error.Message}");
            return ExitCode.Fatal;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _giveUp.Dispose();
    }

    private async Task<int> CaptureAsync(BpfProgram? filter)
    {
        string? trouble;
        try
        {
            _socket = ControlClient.Send(options.ControlPath, [ControlSocket.StreamVerb, options.Interface]);
            using var network = new NetworkStream(_socket);
            using var buffered = new BufferedStream(network, BufferSize);
            var stream = new CaptureStream(buffered);
            ControlAnswer answer = stream.ReadAnswer();
            if (answer.Exit != ExitCode.Fine)
            {
                complaints.WriteLine($"xdplvs: {answer.Complaint}");
                return answer.Exit;
            }

            using CaptureWriter file = CaptureFiles.OpenWriter(options.Output);
            _socket.ReceiveTimeout = 0;
            complaints.WriteLine($"capturing on {options.Interface}; Ctrl-C ends it");
            trouble = await CopyAsync(stream, file, filter).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SocketException or ArgumentOutOfRangeException or JsonException)
        {
            trouble = ControlClient.Explain(options.ControlPath, error);
            complaints.WriteLine($"xdplvs: {trouble}");
            return ExitCode.Fatal;
        }

        complaints.WriteLine($"{_written} frames written, {_lost} lost");
        if (trouble is not null)
        {
            complaints.WriteLine($"xdplvs: {trouble}");
        }

        return trouble is null ? ExitCode.Fine : ExitCode.Fatal;
    }

    /// <summary>Writes frames until the daemon has sent its last. Returns what went wrong, if anything did.</summary>
    private async Task<string?> CopyAsync(CaptureStream stream, CaptureWriter file, BpfProgram? filter)
    {
        try
        {
            while (await stream.ReadAsync(_giveUp.Token).ConfigureAwait(false) is var (record, frame))
            {
                if (record.Kind is CaptureKind.Lost or CaptureKind.End)
                {
                    _lost = record.Value;
                }
                else if (IsWanted(record, frame.Span, filter))
                {
                    file.Write(frame.Span, new PosixTimeval(new DateTime(record.Value, DateTimeKind.Utc)));
                    _written++;
                    HaveEnough(_written);
                }

                if (record.Kind == CaptureKind.End)
                {
                    return null;
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // the daemon was killed, or does not end: said below
        }

        return "the daemon ended before the capture did";
    }

    private bool IsWanted(CaptureRecord record, ReadOnlySpan<byte> frame, BpfProgram? filter) =>
        _written < (options.Count ?? long.MaxValue)
        && (record.Kind == CaptureKind.In ? options.In : options.Out)
        && (filter is null || filter.Matches(frame));

    private void HaveEnough(long written)
    {
        if (written == options.Count)
        {
            HaveEnough();
        }
    }

    private void HaveEnough(PosixSignalContext context)
    {
        context.Cancel = _socket is not null; // the file is completed first; before there is one, the signal ends us
        HaveEnough();
    }

    /// <summary>Tells the daemon; what it has already taken still comes, and then its last word.</summary>
    private void HaveEnough()
    {
        if (Interlocked.Exchange(ref _enough, 1) == 0 && _socket is { Connected: true } socket)
        {
            _giveUp.CancelAfter(PatienceAtEnd);
            socket.Shutdown(SocketShutdown.Send);
        }
    }
}
