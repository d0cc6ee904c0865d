using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux;

/// <summary>Owns an open file descriptor and closes it exactly once.</summary>
public sealed class FileDescriptor : SafeHandle
{
    /// <summary>Takes ownership of an open descriptor.</summary>
    public FileDescriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The number, valid until this object is disposed. The caller keeps the object alive.</summary>
    public int Number => (int)handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
