using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using XdpLvs.Director.Commands;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tools.Replay;

/// <summary>The command line of replay.</summary>
internal static class ReplayVerb
{
    private const int MtuMax = 65_535, MacOctets = 6;

    /// <summary>The verb, with the option that all verbs share.</summary>
    internal static Command Make(Option<string> config)
    {
        var input = new Argument<string>("CAPTURE") { Description = "What to read: pcap or pcapng, Ethernet." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "Where to write what would be sent, with the time stamps of what it was sent for (pcap).",
            HelpName = "FILE",
        };
        var own = new Option<MacAddress?>("--own-mac")
        {
            Description = "The director's MAC address: frames to others are not for it. Default: the destination of "
                + "the first frame to a virtual server's address.",
            CustomParser = ParseMac,
            HelpName = "MAC",
        };
        var macs = new Option<KeyValuePair<IpAddress, MacAddress>[]>("--mac")
        {
            Description = "A real server's MAC address; may be given for several. Default: made up, 02:00:00:00:00:01 "
                + "for the first real server of the configuration, and so on.",
            CustomParser = ParseNeighbours,
            HelpName = "ADDRESS=MAC",
        };
        var mtu = new Option<int>("--mtu")
        {
            Description = "Largest IP packet that the network of the real servers takes. Default: 0, no limit.",
            HelpName = "OCTETS",
        };
        mtu.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MtuMax)
            {
                result.AddError($"--mtu takes a number from 0 to {MtuMax}");
            }
        });
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only the count for each door." };
        var command = new Command("replay", "Run a capture through the forwarder, without root: one line for each "
            + "frame, then how many left by each door. All real servers count as healthy; time is the capture's.")
        {
            input, config, output, own, macs, mtu, quiet,
        };
        command.SetAction(parsed =>
        {
            using var text = new StreamWriter(Console.OpenStandardOutput());
            return new ReplayCommand(
                new ReplayOptions(
                    parsed.GetRequiredValue(config),
                    parsed.GetRequiredValue(input),
                    parsed.GetValue(output),
                    parsed.GetValue(own),
                    new Dictionary<IpAddress, MacAddress>(parsed.GetValue(macs) ?? []),
                    parsed.GetValue(mtu),
                    parsed.GetValue(quiet)),
                text,
                Console.Error).Run();
        });
        return command;
    }

    private static MacAddress? ParseMac(ArgumentResult result)
    {
        if (TryParseMac(result.Tokens[0].Value, out MacAddress mac))
        {
            return mac;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no MAC address such as 00:0c:29:12:34:56");
        return null;
    }

    private static KeyValuePair<IpAddress, MacAddress>[] ParseNeighbours(ArgumentResult result)
    {
        var found = new Dictionary<IpAddress, MacAddress>();
        foreach (Token token in result.Tokens)
        {
            string[] halves = token.Value.Split('=');
            if (halves.Length == 2
                && IpAddress.TryParse(halves[0], out IpAddress address)
                && TryParseMac(halves[1], out MacAddress mac))
            {
                found[address] = mac;
            }
            else
            {
                result.AddError($"'{token.Value}' is not like 192.168.5.103=00:0c:29:12:34:56");
            }
        }

        return [.. found];
    }

    private static bool TryParseMac(string text, out MacAddress mac)
    {
        string[] parts = text.Split(':');
        ulong bits = 0;
        bool reads = parts.Length == MacOctets;
        foreach (string part in parts)
        {
            reads &= byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet)
                && part.Length <= 2;
            bits = (bits << 8) | octet;
        }

        mac = new MacAddress(bits);
        return reads;
    }
}
