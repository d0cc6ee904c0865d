using System.IO;
using System.Text;

namespace XdpLvs.Linux.Bpf;

/// <summary>
/// Names for BPF objects on a BPF file system: what has one lives on when its process is gone.
/// </summary>
/// <remarks>bpf(2), BPF_OBJ_PIN and BPF_OBJ_GET. A name is taken away as a file is.</remarks>
public static unsafe class BpfPins
{
    /// <summary>Gives an object a name. Its folder is there, the name is not.</summary>
    /// <exception cref="LinuxException">Refused.</exception>
    public static void Pin(FileDescriptor descriptor, string path)
    {
        fixed (byte* octets = Terminated(path))
        {
            var attributes = new ObjectAttributes { pathname = (ulong)octets, bpf_fd = (uint)descriptor.Number };
            _ = BpfCall.Require(BpfAbi.ObjectPin, ref attributes, $"pin {path}");
        }
    }

    /// <summary>Opens what has that name; null when nothing has it or it cannot be had.</summary>
    public static FileDescriptor? TryOpen(string path)
    {
        fixed (byte* octets = Terminated(path))
        {
            var attributes = new ObjectAttributes { pathname = (ulong)octets };
            long result = BpfCall.Try(BpfAbi.ObjectGet, ref attributes);
            return result >= 0 ? new FileDescriptor((int)result) : null;
        }
    }

    /// <summary>Takes a name away if it is there.</summary>
    public static void Unpin(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // so the name is not there either
        }
    }

    private static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];
}
