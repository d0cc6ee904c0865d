using System;
using System.Collections.Generic;
using System.Globalization;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>Names of ports, as in /etc/services: "NAME PORT/PROTOCOL ALIAS... # comment".</summary>
/// <remarks>services(5). The first line that fits counts.</remarks>
internal sealed class ServicesFile
{
    /// <summary>Where it is.</summary>
    internal const string DefaultPath = "/etc/services";

    private readonly Dictionary<(ushort Port, string Protocol), string> _names = [];
    private readonly Dictionary<(string Name, string Protocol), ushort> _ports = [];

    /// <summary>Reads the text; lines that are none are left out.</summary>
    internal ServicesFile(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            string[] end = words.Length >= 2 ? words[1].Split('/') : [];
            if (end.Length != 2 || !ushort.TryParse(end[0], CultureInfo.InvariantCulture, out ushort port))
            {
                continue;
            }

            _names.TryAdd((port, end[1]), words[0]);
            _ports.TryAdd((words[0], end[1]), port);
            foreach (string alias in words[2..])
            {
                _ports.TryAdd((alias, end[1]), port);
            }
        }
    }

    /// <summary>The name of a port; null when it has none.</summary>
    internal string? Name(ushort port, byte protocol) => _names.GetValueOrDefault((port, Word(protocol)));

    /// <summary>The port of a name; null when there is none.</summary>
    internal ushort? Port(string name, byte protocol) =>
        _ports.TryGetValue((name, Word(protocol)), out ushort port) ? port : null;

    private static string Word(byte protocol) => AddressText.Protocol(protocol);
}
