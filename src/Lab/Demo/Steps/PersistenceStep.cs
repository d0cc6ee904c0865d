using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>With persistence_timeout a client stays with one server; without it connections alternate.</summary>
internal sealed class PersistenceStep : IDemoStep
{
    /// <inheritdoc/>
    public string Title => "3. Persistence as in the file, and round robin without it";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.Tutorial);
        IReadOnlyList<string> served = await context.RequestAsync(20);
        context.Report.Check(
            served.Count == 20 && served.Distinct().Count() == 1,
            "persistence_timeout 50: one client, one real server",
            string.Join(", ", served.Distinct()));
        context.Report.Shown("youxi1", "xdplvs ipvsadm -Ln", context.Youxi1.List());

        context.Report.Note("the same files with persistence_timeout commented out; both directors start again");
        await context.EnsureAsync(DemoContext.RoundRobin);
        served = await context.RequestAsync(20);
        context.Report.Quote([string.Join(' ', served)]);
        bool alternates = served.Zip(served.Skip(1)).All(pair => pair.First != pair.Second);
        context.Report.Check(
            alternates && served.Count(name => name == "youxi3") == 10 && served.Count(name => name == "youxi4") == 10,
            "without it the two servers take turns strictly, 10 and 10");
    }
}
