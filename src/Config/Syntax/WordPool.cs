using System;

namespace XdpLvs.Config;

/// <summary>One string for a text that comes again and again: a big file says few different words.</summary>
internal sealed class WordPool
{
    private const int SlotCount = 4096, LengthMax = 40;

    private readonly string?[] _slots = new string?[SlotCount];

    /// <summary>A string of this text, perhaps one that was handed out before.</summary>
    public string Get(ReadOnlySpan<char> text)
    {
        if (text.Length > LengthMax)
        {
            return text.ToString();
        }

        ref string? slot = ref _slots[(uint)string.GetHashCode(text) % SlotCount];
        if (slot is null || !text.SequenceEqual(slot))
        {
            slot = text.ToString();
        }

        return slot;
    }
}
