using System;
using System.Runtime.InteropServices;

namespace XdpLvs.Linux;

/// <summary>The kernel refused a request. The message names the call, its object and the reason.</summary>
public sealed class LinuxException : Exception
{
    /// <summary>Builds "bind AF_XDP ens33 queue 0: EBUSY (Device or resource busy)".</summary>
    /// <param name="call">The system call or request, such as "bind".</param>
    /// <param name="subject">What it was applied to, in the operator's words.</param>
    /// <param name="errno">A positive error number.</param>
    /// <param name="hint">What the operator can do about it, if that is known.</param>
    public LinuxException(string call, string subject, int errno, string? hint = null)
        : base($"{call} {subject}: {Errno.Name(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})"
            + (hint is null ? "" : $"; {hint}"))
    {
        Call = call;
        Number = errno;
    }

    /// <summary>The system call or request.</summary>
    public string Call { get; }

    /// <summary>The positive error number, see <see cref="Errno"/>.</summary>
    public int Number { get; }
}
