using System;
using System.Collections.Generic;

namespace XdpLvs.Fuzz;

/// <summary>One way by which octets that nobody vouches for come in.</summary>
internal interface IFuzzDoor : IDisposable
{
    /// <summary>For the command line and for reports.</summary>
    string Name { get; }

    /// <summary>Inputs for each million frames that the forwarder gets: doors differ in what an input costs.</summary>
    int InputsPerMillion { get; }

    /// <summary>Good inputs, to be made bad.</summary>
    IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Takes an input as the program would.</summary>
    /// <returns>What became of it, in a word or two: each is counted.</returns>
    /// <exception cref="Exception">Whatever it is, it is a finding.</exception>
    string Feed(byte[] input);
}

/// <summary>A rule that an input broke.</summary>
internal sealed class BrokenRuleException(string rule) : Exception(rule);
