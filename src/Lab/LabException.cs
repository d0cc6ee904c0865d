using System;

namespace XdpLvs.Lab;

/// <summary>The lab could not be built, or a process in it did not do what was asked. The message says which.</summary>
public sealed class LabException : Exception
{
    /// <summary>Names what failed, on which host, and the reason as the tool gave it.</summary>
    public LabException(string message)
        : base(message)
    {
    }
}
