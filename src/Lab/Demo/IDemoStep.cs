using System.Threading.Tasks;

namespace XdpLvs.Lab.Demo;

/// <summary>One chapter of the demo. It brings about the state it needs, so that each can be read alone.</summary>
internal interface IDemoStep
{
    /// <summary>One line: what will be shown.</summary>
    string Title { get; }

    /// <summary>Shows it. An exception is one failed claim, and the next step goes on.</summary>
    Task RunAsync(DemoContext context);
}
