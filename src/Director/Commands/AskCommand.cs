using System;
using XdpLvs.Director.Control;

namespace XdpLvs.Director.Commands;

/// <summary>Every verb that only asks the running daemon.</summary>
internal static class AskCommand
{
    internal static int Run(string socket, string[] words)
    {
        ControlAnswer answer = ControlClient.Ask(socket, words);
        Console.Out.Write(answer.Output);
        if (answer.Complaint.Length > 0)
        {
            Console.Error.WriteLine($"xdplvs: {answer.Complaint}");
        }

        return answer.Exit;
    }
}
