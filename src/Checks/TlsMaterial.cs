using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace XdpLvs.Checks;

/// <summary>
/// The certificates of keepalived's block SSL: our own for servers that want one, and the authorities. Compared by
/// identity: there is one.
/// </summary>
/// <remarks>
/// keepalived loads the authorities and never asks them; here a server must then have a certificate of theirs. Its name
/// does not matter: checks go by address.
/// </remarks>
public sealed class TlsMaterial
{
    private TlsMaterial(X509Certificate2? own, X509Certificate2Collection? authorities) =>
        (Own, Authorities) = (own, authorities);

    /// <summary>Ours, with its key.</summary>
    internal X509Certificate2? Own { get; }

    /// <summary>Who may have signed the server's; null accepts any server.</summary>
    internal X509Certificate2Collection? Authorities { get; }

    /// <summary>Reads the files.</summary>
    /// <param name="certificate">PEM file with our certificate; null if there is none.</param>
    /// <param name="key">PEM file with its key; null: in the same file.</param>
    /// <param name="password">Of the key; null if it has none. Never told to anybody.</param>
    /// <param name="authorities">PEM file with the authorities; null if there is none.</param>
    /// <param name="made">The certificates.</param>
    /// <param name="error">What cannot be read.</param>
    public static bool TryLoad(
        string? certificate, string? key, string? password, string? authorities, out TlsMaterial? made,
        out string error)
    {
        string file = "";
        try
        {
            X509Certificate2? own = null;
            if (certificate is not null)
            {
                file = $"{certificate} with key {key ?? certificate}";
                own = password is null
                    ? X509Certificate2.CreateFromPemFile(certificate, key)
                    : X509Certificate2.CreateFromEncryptedPemFile(certificate, password, key);
            }

            X509Certificate2Collection? known = null;
            if (authorities is not null)
            {
                file = authorities;
                known = [];
                known.ImportFromPemFile(authorities);
                if (known.Count == 0)
                {
                    throw new CryptographicException("no certificate is in it");
                }
            }

            made = new TlsMaterial(own, known);
            error = "";
            return true;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            made = null;
            error = $"SSL: {file}: {wrong.Message}";
            return false;
        }
    }
}
