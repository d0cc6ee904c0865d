using System;
using System.IO;
using System.Runtime.InteropServices;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace XdpLvs.Director.Tools;

/// <summary>
/// Opens capture files by SharpPcap, which needs libpcap at run time. PacketDotNet, which comes with it, names link
/// types here and reads nothing: frames that nobody vouches for make it throw, or end the process.
/// </summary>
internal static class CaptureFiles
{
    private const string NoLibrary =
        "libpcap is not installed; on Debian: apt-get install libpcap0.8 (libpcap0.8t64 from Debian 13 on)";

    private static readonly string[] LibraryNames = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so.0", "libpcap.so"];

    private static readonly DeviceConfiguration Fine = new()
    {
        LinkLayerType = LinkLayers.Ethernet,
        TimestampResolution = TimestampResolution.Nanosecond,
    };

    /// <summary>Opens a capture of Ethernet frames.</summary>
    /// <exception cref="IOException">It cannot be read, holds something else, or libpcap is missing.</exception>
    internal static CaptureReader OpenReader(string path)
    {
        var device = new CaptureFileReaderDevice(path);
        Try($"{path} cannot be read", () => device.Open(Fine), device);
        if (device.LinkType == LinkLayers.Ethernet)
        {
            return new CaptureReader(path, device);
        }

        string link = $"{device.LinkType} ({(int)device.LinkType})";
        device.Dispose();
        throw new IOException($"{path} holds frames of the link type {link}; only Ethernet can be read, so capture on "
            + "an Ethernet interface and not, say, on 'any'");
    }

    /// <summary>Makes or replaces a capture file for Ethernet frames, with nanoseconds in its time stamps.</summary>
    /// <exception cref="IOException">It cannot be written, or libpcap is missing.</exception>
    internal static CaptureWriter OpenWriter(string path)
    {
        var device = new CaptureFileWriterDevice(path);
        Try($"{path} cannot be written", () => device.Open(Fine), device);
        return new CaptureWriter(device);
    }

    /// <summary>Compiles a filter expression of pcap-filter(7).</summary>
    /// <exception cref="IOException">It is not one, or libpcap is missing.</exception>
    internal static BpfProgram CompileFilter(string expression)
    {
        BpfProgram? program = null;
        Try($"filter '{expression}'", () => program = BpfProgram.TryCreate(LinkLayers.Ethernet, expression), null);
        if (program is null)
        {
            PcapDevice.CheckFilter(expression, out string? error);
            throw new IOException($"filter '{expression}': {error}");
        }

        return program;
    }

    /// <summary>What to tell an operator about a failure of SharpPcap; null when it is none.</summary>
    internal static string? Explain(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException)
            {
                return NoLibrary;
            }
        }

        return error is PcapException ? error.Message : null;
    }

    private static void Try(string what, Action open, IDisposable? opened)
    {
        // SharpPcap takes a missing library for a very old one, and complains of what that cannot do.
        if (!Array.Exists(LibraryNames, name => NativeLibrary.TryLoad(name, out _)))
        {
            opened?.Dispose();
            throw new IOException(NoLibrary);
        }

        try
        {
            open();
        }
        catch (Exception error) when (Explain(error) is not null)
        {
            opened?.Dispose();
            throw new IOException($"{what}: {Explain(error)}", error);
        }
    }
}

/// <summary>Reads a capture from its first frame to its last.</summary>
internal sealed class CaptureReader : IDisposable
{
    private readonly string _path;
    private readonly CaptureFileReaderDevice _device;

    internal CaptureReader(string path, CaptureFileReaderDevice device)
    {
        _path = path;
        _device = device;
    }

    /// <summary>The next frame; false at the end.</summary>
    /// <param name="octets">What was captured of it; valid until the next call.</param>
    /// <param name="time">When.</param>
    /// <param name="length">How many octets it had on the wire.</param>
    /// <exception cref="IOException">The file is damaged from here on.</exception>
    internal bool TryRead(out ReadOnlySpan<byte> octets, out PosixTimeval time, out int length)
    {
        GetPacketStatus status = _device.GetNextPacket(out PacketCapture packet);
        if (status == GetPacketStatus.Error)
        {
            throw new IOException($"{_path} is damaged: {_device.LastError}");
        }

        bool found = status == GetPacketStatus.PacketRead;
        octets = found ? packet.Data : default;
        time = found ? packet.Header.Timeval : new PosixTimeval(0, 0);
        length = found ? (int)((PcapHeader)packet.Header).PacketLength : 0;
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _device.Dispose();
}

/// <summary>Writes a capture.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private readonly CaptureFileWriterDevice _device;

    internal CaptureWriter(CaptureFileWriterDevice device) => _device = device;

    /// <summary>Appends a frame.</summary>
    internal void Write(ReadOnlySpan<byte> frame, PosixTimeval time)
    {
        var header = new PcapHeader(0, 0, (uint)frame.Length, (uint)frame.Length) { Timeval = time };
        _device.Write(frame, ref header);
    }

    /// <summary>Writes what is still in memory, and closes.</summary>
    public void Dispose() => _device.Dispose();
}
