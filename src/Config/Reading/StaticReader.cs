using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>What <c>garp_group</c> says while it is being read.</summary>
internal sealed record GarpGroupDraft(TimeSpan? Garp, TimeSpan? Gna, ImmutableArray<string> Interfaces);

/// <summary>Reads what the host has whatever its instances do, and the block <c>SSL</c>.</summary>
internal static class StaticReader
{
    private const int DelaySecondsMax = 255;

    /// <summary>The keywords of <c>garp_group</c>.</summary>
    public static Grammar<Draft<GarpGroupDraft>> GarpGrammar { get; } = new(
        "garp_group",
        Options<GarpGroupDraft>.Seconds("garp_interval", (all, time) => all with { Garp = time }),
        Options<GarpGroupDraft>.Seconds("gna_interval", (all, time) => all with { Gna = time }),
        Options<GarpGroupDraft>.Interface("interface", (all, name) =>
            all with { Interfaces = all.Interfaces.Add(name) }),
        Options<GarpGroupDraft>.Block("interfaces", (draft, block, report) =>
            draft.Model = draft.Model with
            {
                Interfaces = draft.Model.Interfaces.AddRange(Interfaces(block, report)),
            }));

    /// <summary>The keywords of <c>SSL</c>.</summary>
    public static Grammar<Draft<TlsSettings>> TlsGrammar { get; } = new(
        "SSL",
        Options<TlsSettings>.Text("password", "the password of the key", (all, text) =>
            all with { Password = new Secret(text) }),
        Options<TlsSettings>.Text("ca", "a path", (all, path) => all with { Authorities = path }),
        Options<TlsSettings>.Text("certificate", "a path", (all, path) => all with { Certificate = path }),
        Options<TlsSettings>.Text("key", "a path", (all, path) => all with { Key = path }));

    /// <summary>The static blocks, in the order of the file.</summary>
    public static StaticSettings Read(
        ILookup<string, Statement> blocks, GlobalSettings globals, Definitions definitions, Reporter report)
    {
        VirtualAddress[] addresses =
        [
            .. blocks["static_ipaddress"].SelectMany(block => block.Body!.Statements)
                .Select(line => VirtualAddressReader.Read(line, report))
                .OfType<VirtualAddress>()
                .Select(one => one.Device.Length > 0 ? one : one with { Device = globals.DefaultInterface }),
        ];
        var read = new StaticSettings
        {
            Addresses = [.. addresses],
            Routes = [.. blocks["static_routes"].SelectMany(block => RouteReader.ReadRoutes(block, report))],
            Rules = [.. blocks["static_rules"].SelectMany(block => RouteReader.ReadRules(block, report))],
            Delays = [.. blocks["interface_up_down_delays"].SelectMany(block => Delays(block, report))],
            GarpGroups = [.. blocks["garp_group"].Select(block => GarpGroup(block, report)).OfType<GarpGroup>()],
        };
        IEnumerable<(string? Name, SourceSpan Span)> named = read.Addresses
            .Select(one => (one.TrackGroup, one.Span))
            .Concat(read.Routes.Concat(read.Rules).Select(one => (one.TrackGroup, one.Span)));
        foreach ((string? name, SourceSpan span) in named)
        {
            if (name is not null && !definitions.TrackGroups.Contains(name))
            {
                report.Error(
                    Reporter.WordAt(span),
                    $"there is no track_group {Reporter.Quote(name)}",
                    Spelling.Nearest(name, definitions.TrackGroups));
            }
        }

        return read;
    }

    /// <summary>The blocks <c>SSL</c>, later ones over earlier ones.</summary>
    public static TlsSettings ReadTls(IEnumerable<Statement> blocks, Reporter report)
    {
        var draft = new Draft<TlsSettings>(TlsSettings.None);
        foreach (Statement block in blocks)
        {
            TlsGrammar.Read(block.Body!, draft, report);
        }

        return draft.Model with { Origins = draft.Origins };
    }

    private static GarpGroup? GarpGroup(Statement block, Reporter report)
    {
        GarpGroupDraft draft = Draft<GarpGroupDraft>.Read(GarpGrammar, block, new(null, null, []), report).Model;
        if (draft.Interfaces.IsEmpty)
        {
            report.Error(block.Words[0], "the group has no interface; it is left out");
            return null;
        }

        return new GarpGroup(draft.Garp, draft.Gna, draft.Interfaces, report.Span(block.Words[0]));
    }

    private static IEnumerable<string> Interfaces(Statement block, Reporter report) =>
        block.Body!.Statements.SelectMany(line => line.Words)
            .Where(word => VrrpReader.IsInterfaceName(word, report))
            .Select(word => word.Text);

    private static IEnumerable<InterfaceDelay> Delays(Statement block, Reporter report)
    {
        foreach (Statement line in block.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            Word name = line.Words[0];
            if (!VrrpReader.IsInterfaceName(name, report)
                || !report.TryTimerOrZero(line, out TimeSpan down, DelaySecondsMax))
            {
                continue;
            }

            TimeSpan up = down;
            if (line.Words.Length > 2
                && !report.TryTimerOrZero(new Statement([name, line.Words[2]]), out up, DelaySecondsMax))
            {
                continue;
            }

            yield return new InterfaceDelay(name.Text, down, up, report.Span(name));
        }
    }
}
