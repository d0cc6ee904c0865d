namespace XdpLvs.Config;

/// <summary>A password or a key. It never shows in text: not in messages, not in listings, not in a debugger.</summary>
/// <param name="value">What it is.</param>
public sealed class Secret(string value)
{
    /// <summary>What stands where a secret would be read.</summary>
    public const string Mask = "********";

    private readonly string _value = value;

    /// <summary>The secret itself, for the one who has to use it.</summary>
    public string Reveal() => _value;

    /// <summary>The mask.</summary>
    public override string ToString() => Mask;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret other && other._value == _value;

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode(System.StringComparison.Ordinal);
}
