using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>VRRPv2's authentication (RFC 2338 section 5.3.6; RFC 3768 keeps the field and asks for zeros).</summary>
/// <param name="Type">The type octet of the message.</param>
/// <param name="Data">
/// The eight octets of the trailer, read as one big-endian number; zeros for no authentication.
/// </param>
public readonly record struct Authentication(AuthenticationType Type, ulong Data)
{
    /// <summary>Octets that a password can have; what is longer is cut, as keepalived does.</summary>
    public const int PasswordLengthMax = 8;

    /// <summary>A plain password, zero padded to eight octets.</summary>
    public static Authentication Password(ReadOnlySpan<byte> password)
    {
        Span<byte> padded = stackalloc byte[PasswordLengthMax];
        padded.Clear();
        password[..Math.Min(password.Length, PasswordLengthMax)].CopyTo(padded);
        return new Authentication(AuthenticationType.Password, BinaryPrimitives.ReadUInt64BigEndian(padded));
    }
}

/// <summary>Values of VRRPv2's Auth Type octet.</summary>
public enum AuthenticationType
{
    /// <summary>Nothing; the trailer is zeros.</summary>
    None = 0,

    /// <summary>A password of up to eight octets, readable by everybody on the segment.</summary>
    Password = 1,

    /// <summary>IPsec authentication header. Known by name only: adverts that use it are refused.</summary>
    Header = 2,
}
