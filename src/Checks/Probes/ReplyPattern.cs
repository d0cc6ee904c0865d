using System;

namespace XdpLvs.Checks;

/// <summary>What a UDP_CHECK's reply must look like (require_reply, min_reply_length, max_reply_length).</summary>
/// <remarks>
/// The pattern is compared as far as both reach, as keepalived does. Its default lengths, 0 to 255, bind only where
/// there is a pattern; lengths that somebody wrote always bind.
/// </remarks>
public sealed record ReplyPattern
{
    /// <summary>Anything.</summary>
    public static readonly ReplyPattern Any = new();

    private const int LengthMaxDefault = 255;

    /// <summary>The octets it begins with.</summary>
    public ValueList<byte> Octets { get; init; }

    /// <summary>The bits of each of those that do not matter; none where it is shorter.</summary>
    public ValueList<byte> Ignored { get; init; }

    /// <summary>The least length, if written.</summary>
    public int? LengthMin { get; init; }

    /// <summary>The greatest length, if written.</summary>
    public int? LengthMax { get; init; }

    /// <summary>Whether a reply is the one that was wanted, and why not.</summary>
    public bool Accepts(ReadOnlySpan<byte> reply, out string why)
    {
        int least = LengthMin ?? 0;
        int most = LengthMax ?? (Octets.Count > 0 ? LengthMaxDefault : int.MaxValue);
        if (reply.Length < least || reply.Length > most)
        {
            why = $"the reply has {reply.Length} octets";
            return false;
        }

        for (int i = 0; i < Math.Min(Octets.Count, reply.Length); i++)
        {
            int matters = i < Ignored.Count ? ~Ignored[i] : 0xFF;
            if (((reply[i] ^ Octets[i]) & matters & 0xFF) != 0)
            {
                why = $"octet {i} of the reply is {reply[i]:x2}";
                return false;
            }
        }

        why = "";
        return true;
    }
}
