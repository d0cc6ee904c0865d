using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>One <c>UDP_CHECK</c>.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record UdpCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "UDP_CHECK";

    /// <summary>What is sent; empty: something random.</summary>
    public ImmutableArray<byte> Payload { get; init; } = [];

    /// <summary>Whether silence is a failure.</summary>
    public bool RequireReply { get; init; }

    /// <summary>What the reply must begin with, and which bits of each octet count; empty: anything.</summary>
    public ImmutableArray<(byte Value, byte Mask)> Reply { get; init; } = [];

    /// <summary>The least length of a reply.</summary>
    public int ReplyLengthMin { get; init; }

    /// <summary>The greatest length of a reply.</summary>
    public int ReplyLengthMax { get; init; } = 255;

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
