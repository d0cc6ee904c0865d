namespace XdpLvs.Director;

/// <summary>keepalived's exit codes.</summary>
internal static class ExitCode
{
    /// <summary>Ended as asked.</summary>
    internal const int Fine = 0;

    /// <summary>The daemon cannot start or go on.</summary>
    internal const int Fatal = 1;

    /// <summary>The configuration, or the command line, cannot be used.</summary>
    internal const int Usage = 2;

    /// <summary>run: privileges are missing. check: the file cannot be read.</summary>
    internal const int Permission = 4;

    /// <summary>check: errors were found.</summary>
    internal const int ConfigErrors = 5;

    /// <summary>run: there is no configuration file.</summary>
    internal const int NoConfig = 6;
}
