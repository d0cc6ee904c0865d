using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux;

namespace XdpLvs.Director.Checking;

/// <summary>
/// Plans all checks of a configuration, service by service, and says why a check cannot be asked: its real server then
/// stays out of service.
/// </summary>
/// <param name="config">As parsed.</param>
/// <param name="desk">Says which scripts may run; null where none will.</param>
/// <param name="complain">Hears of checks that cannot be asked.</param>
internal sealed class CheckPlanner(DirectorConfig config, ScriptDesk? desk, Action<string> complain)
{
    private readonly ImmutableArray<CheckPlan>.Builder _plans = ImmutableArray.CreateBuilder<CheckPlan>();
    private readonly Dictionary<ScriptCall, Script> _scripts = [];
    private readonly Dictionary<string, FileTrackerSettings> _files = [];
    private (TlsMaterial? Material, string Error)? _tls;

    /// <summary>All checks so far.</summary>
    internal ImmutableArray<CheckPlan> Plans => _plans.ToImmutable();

    /// <summary>Their scripts.</summary>
    internal IReadOnlyDictionary<ScriptCall, Script> Scripts => _scripts;

    /// <summary>Their files.</summary>
    internal ImmutableArray<FileTrackerSettings> Files => [.. _files.Values];

    /// <summary>Plans the checks of a virtual server.</summary>
    /// <param name="server">The virtual server.</param>
    /// <param name="service">Its number.</param>
    /// <returns>Why a real server must stay out, by its index.</returns>
    internal Dictionary<int, string> Add(VirtualServer server, int service)
    {
        Dictionary<int, string> refused = [];
        string serviceName = AddressText.Service(
            IpAddress.From(server.Address), (byte)server.Protocol, server.Port);
        for (int real = 0; real < server.RealServers.Length; real++)
        {
            Config.RealServer it = server.RealServers[real];
            IpAddress address = IpAddress.From(it.Address);
            var subject = new CheckSubject(
                AddressText.Service(address, (byte)server.Protocol, it.Port), serviceName, AddressText.Text(address));
            for (int check = 0; check < it.Checks.Length; check++)
            {
                ICheck asked = it.Checks[check];
                if (TryMap(asked, out ProbeSettings? probe, out string why))
                {
                    CheckSettings settings = CheckMapping.Settings(asked, config.Globals, probe!);
                    _plans.Add(new CheckPlan(new CheckName(service, real, check), subject, probe!, settings));
                }
                else
                {
                    complain($"{asked.Span}: {asked.Keyword}: {why}");
                    refused[real] = $"its {asked.Keyword} cannot run, so nobody would know when it fails: {why}";
                }
            }
        }

        return refused;
    }

    private bool TryMap(ICheck asked, out ProbeSettings? probe, out string why)
    {
        probe = null;
        if (asked is BfdCheck)
        {
            why = "XdpLvs does not carry it out yet";
            return false;
        }

        return CheckMapping.TryMap(asked, config.Globals, out probe, out why)
            && probe switch
            {
                HttpProbeSettings { Tls: not null } page => TryAddTls(page, out probe, out why),
                ScriptProbeSettings script => TryAddScript((MiscCheck)asked, script.Call, out why),
                FileProbeSettings file => TryAddFile(file.Name, out why),
                _ => true,
            };
    }

    private bool TryAddTls(HttpProbeSettings page, out ProbeSettings? probe, out string why)
    {
        _tls ??= LoadTls(config.Tls);
        (TlsMaterial? material, why) = _tls.Value;
        probe = why.Length > 0 ? null : page with { Tls = page.Tls! with { Material = material } };
        return probe is not null;
    }

    /// <summary>Nothing, if the block says nothing: then no certificate is shown, and any is accepted.</summary>
    private static (TlsMaterial? Material, string Error) LoadTls(TlsSettings tls)
    {
        if (tls is { Certificate: null, Authorities: null })
        {
            return (null, tls.Key is null ? "" : "SSL: a key without a certificate is of no use");
        }

        _ = TlsMaterial.TryLoad(
            tls.Certificate, tls.Key, tls.Password?.Reveal(), tls.Authorities, out TlsMaterial? made, out string error);
        return (made, error);
    }

    private bool TryAddScript(MiscCheck check, ScriptCall call, out string why)
    {
        why = "";
        if (desk is null)
        {
            return true;
        }

        bool mayRun = desk.TryAdmit(check.Command, "misc", out Script? script, out why);
        if (mayRun)
        {
            _scripts[call] = script!;
        }

        return mayRun;
    }

    private bool TryAddFile(string name, out string why)
    {
        TrackFile? file = config.Files.FirstOrDefault(each => each.Name == name);
        why = file is null ? $"there is no track_file {name}" : "";
        if (file is not null)
        {
            _files[name] = new FileTrackerSettings(name, file.Path)
            {
                InitialValue = file.InitialValue,
                Overwrite = file.Overwrite,
            };
        }

        return file is not null;
    }
}
