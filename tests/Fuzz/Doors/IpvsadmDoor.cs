using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Tables;

namespace XdpLvs.Fuzz.Doors;

/// <summary>ipvsadm's command line, a word between spaces, and /etc/services behind its names.</summary>
internal sealed class IpvsadmDoor : IFuzzDoor
{
    private const int Services = 0x23; // '#': what follows it in an input is a file of services

    public string Name => "ipvsadm";

    public int InputsPerMillion => 200_000;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", "arguments.txt"))
            .Select(Encoding.UTF8.GetBytes),
        [.. "-Ln -t 192.168.5.100:http#http 80/tcp www\nntp 123/udp # time\n"u8],
        [.. "-Ln -u [2001:db8::1]:53"u8],
    ];

    public string Feed(byte[] input)
    {
        int end = Array.IndexOf(input, (byte)Services);
        string line = Encoding.UTF8.GetString(input.AsSpan(0, end < 0 ? input.Length : end));
        var file = new ServicesFile(end < 0 ? "" : Encoding.UTF8.GetString(input.AsSpan(end + 1)));
        IpvsadmRequest request = IpvsadmParser.Parse(
            line.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), new Names(file));
        bool isRefused = request.Verb == IpvsadmVerb.None;
        if (isRefused == request.Complaint is null || isRefused == (request.Exit == 0))
        {
            throw new BrokenRuleException($"{request.Verb}, complaint '{request.Complaint}', exit {request.Exit}");
        }

        return request.Verb == IpvsadmVerb.None ? $"refused, exit {request.Exit}" : $"{request.Verb}";
    }

    public void Dispose()
    {
        // nothing is held
    }

    private sealed class Names(ServicesFile file) : IpvsNames
    {
        internal override string? Service(ushort port, byte protocol) => file.Name(port, protocol);
    }
}
