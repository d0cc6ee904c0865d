using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using XdpLvs.Fuzz.Doors;

namespace XdpLvs.Fuzz;

/// <summary>Inputs without end for every door of the program. Slow, and so no part of CI.</summary>
internal static class Program
{
    private const string FramesDoor = "frames";

    private static readonly Dictionary<string, Func<IFuzzDoor>> Doors = new()
    {
        ["views"] = () => new ViewDoor(),
        ["config"] = () => new ConfigDoor(),
        ["advert"] = () => new AdvertDoor(),
        ["netlink"] = () => new NetlinkDoor(),
        ["ipvsadm"] = () => new IpvsadmDoor(),
        ["control"] = () => new ControlDoor(),
    };

    private static int Main(string[] words)
    {
        var amount = new Argument<Amount>("AMOUNT")
        {
            Description = "So many frames, the other doors in proportion: 10000000, which is the default. Or so long, "
                + "all doors together: 90s, 30min, 2h.",
            CustomParser = Parse,
            DefaultValueFactory = _ => Amount.Default,
        };
        var seed = new Option<int?>("--seed") { Description = "Does a run again. Default: another one every time." };
        var only = new Option<string[]>("--door") { Description = "Only this one; may be given several times." };
        only.AcceptOnlyFromAmong([FramesDoor, .. Doors.Keys]);
        var repeat = new Option<string?>("--repeat")
        {
            Description = "Feeds a file that an earlier run kept; with --door.",
            HelpName = "FILE",
        };
        var root = new RootCommand("Mutated inputs for every door: frames through the production loop, views, the "
            + "configuration, VRRP adverts, netlink messages, the control socket. What breaks a rule is kept.")
        {
            amount, seed, only, repeat,
        };
        root.SetAction(parsed =>
        {
            string[] doors = parsed.GetValue(only) is { Length: > 0 } chosen ? chosen : [FramesDoor, .. Doors.Keys];
            return parsed.GetValue(repeat) is { } path
                ? Repeat(doors, path)
                : Run(doors, parsed.GetValue(amount), parsed.GetValue(seed) ?? new Random().Next());
        });
        return root.Parse(words).Invoke();
    }

    private static Amount Parse(ArgumentResult result)
    {
        if (!Amount.TryParse(result.Tokens[0].Value, out Amount amount))
        {
            result.AddError($"'{result.Tokens[0].Value}' is neither a number of frames nor a time such as 30min");
        }

        return amount;
    }

    private static int Run(string[] doors, Amount amount, int seed)
    {
        Console.WriteLine($"seed {seed}: --seed {seed} does the same again");
        bool isFine = true;
        foreach (string name in doors)
        {
            if (name == FramesDoor)
            {
                using var frames = new FrameRun(seed, Console.Out);
                isFine &= frames.Run(amount.Share(1_000_000, doors.Length));
            }
            else
            {
                using IFuzzDoor door = Doors[name]();
                isFine &= new DoorRun(door, seed, Console.Out)
                    .Run(amount.Share(door.InputsPerMillion, doors.Length));
            }
        }

        Console.WriteLine(isFine ? "nothing found" : "something was found: see above");
        return isFine ? 0 : 1;
    }

    private static int Repeat(string[] doors, string path)
    {
        if (doors is not [var name])
        {
            Console.Error.WriteLine("--repeat needs the one --door that the file is for");
            return 2;
        }

        byte[] kept = File.ReadAllBytes(path);
        if (name == FramesDoor)
        {
            using var frames = new FrameRun(seed: 1, Console.Out);
            return frames.Repeat(kept) ? 0 : 1;
        }

        using IFuzzDoor door = Doors[name]();
        return new DoorRun(door, seed: 0, Console.Out).Repeat(kept) ? 0 : 1;
    }
}
