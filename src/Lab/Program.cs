using System.Threading.Tasks;
using XdpLvs.Lab.Verbs;

namespace XdpLvs.Lab;

/// <summary>The lab's executable: the demo, and the small programs that play its servers, clients and taps.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => CommandLine.RunAsync(arguments);
}
