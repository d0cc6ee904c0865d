using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>Turns what was read of the VRRP instances into the model, or says why one is left out.</summary>
internal sealed class VrrpBuilder(GlobalSettings globals, Definitions definitions, Reporter report)
{
    private const byte OwnerPriority = 255;

    private const int AddressesPerAdvertMax = 255; // the count is one octet on the wire

    /// <summary>If one of these is not understood, the instance's peers would not hear it: two masters.</summary>
    private static readonly ImmutableArray<string> Essential = ["unicast_peer", "mcast_dst_ip", "auth_hmac"];

    private readonly HashSet<string> _names = [];
    private readonly HashSet<(string Interface, byte Id, AddressFamily Family)> _groups = [];
    private readonly HashSet<IPAddress> _addresses = [];
    private readonly ImmutableArray<VrrpInstance>.Builder _instances = ImmutableArray.CreateBuilder<VrrpInstance>();

    private readonly ImmutableArray<VrrpInstance>.Builder _heldBack = ImmutableArray.CreateBuilder<VrrpInstance>();

    /// <summary>The instances that can run, in the order of the file.</summary>
    public ImmutableArray<VrrpInstance> Instances => _instances.ToImmutable();

    /// <summary>Those that must not run yet.</summary>
    public ImmutableArray<VrrpInstance> HeldBack => _heldBack.ToImmutable();

    /// <summary>The names of all instances, also of those left out.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>Reads one <c>vrrp_instance</c>.</summary>
    public void Add(Statement statement)
    {
        Word header = statement.Header(2);
        var draft = new Draft<VrrpInstance>(Defaults());
        HashSet<string> notUnderstood = [];
        VrrpReader.Grammar.Read(statement.Body!, draft, report, (skipped, meant) =>
            notUnderstood.Add(meant ?? skipped.Keyword));
        if (!report.TryWord(statement, "the name of the instance", out Word name))
        {
            return;
        }

        if (!_names.Add(name.Text))
        {
            report.Error(header, $"vrrp_instance {Reporter.Quote(name.Text)} exists already; this one is left out");
            return;
        }

        VrrpInstance read = draft.Model;
        bool hasAddress = !read.Addresses.IsEmpty || read.AllowsNoAddress;
        bool isComplete = Requires(statement, notUnderstood, read.Interface.Length > 0, "interface")
            & Requires(statement, notUnderstood, read.VirtualRouterId > 0, "virtual_router_id")
            & Requires(statement, notUnderstood, hasAddress, "virtual_ipaddress");
        if (!isComplete || draft.IsLeftOut)
        {
            return;
        }

        draft.IsHeldBack |= notUnderstood.Any(Essential.Contains);
        read = WithVersion(read, statement);
        read = Complete(read with { Name = name.Text, Span = report.Span(header), Origins = draft.Origins }, statement);
        read = read with { Priority = PriorityOf(read, statement, notUnderstood) };
        if (draft.IsHeldBack)
        {
            _heldBack.Add(read);
            return;
        }

        if (!_groups.Add((read.Interface, read.VirtualRouterId, read.Family)))
        {
            report.Error(
                header,
                $"another instance on {read.Interface} has virtual_router_id {read.VirtualRouterId} already; "
                + "this one is left out");
            return;
        }

        VrrpLint.Report(read, statement, report);
        _instances.Add(read);
    }

    /// <summary>An instance as <c>global_defs</c> has it.</summary>
    private VrrpInstance Defaults()
    {
        VrrpDefaults all = globals.Vrrp;
        return new VrrpInstance
        {
            Name = "",
            Version = all.Version,
            Strict = all.Strict,
            Accept = !all.Strict,
            Announce = all.Announce,
            DownTimerAdverts = all.DownTimerAdverts,
            LowerPriorityNoAdvert = all.LowerPriorityNoAdvert,
            HigherPrioritySendAdvert = all.HigherPrioritySendAdvert,
            OwnerIgnoresAdverts = all.OwnerIgnoresAdverts,
            SkipCheckAdvertAddresses = all.SkipCheckAdvertAddresses,
            ChecksumAsVersion2 = all.ChecksumAsVersion2,
            NotifyPriorityChanges = all.NotifyPriorityChanges,
            SmtpAlert = globals.Mail.Vrrp ?? globals.Mail.All ?? false,
            Transport = new AdvertTransport { CheckUnicastSource = all.CheckUnicastSource },
        };
    }

    /// <summary>What is missing is an error; what was not understood has been one already.</summary>
    private bool Requires(Statement statement, HashSet<string> notUnderstood, bool isThere, string keyword)
    {
        Word header = statement.Header(2);
        bool isWritten = statement.Body!.Mentions(keyword) || notUnderstood.Contains(keyword);
        if (!isThere && isWritten)
        {
            report.Warning(header, $"the instance is left out, because its '{keyword}' cannot be used");
        }
        else if (!isThere)
        {
            report.Error(header, $"the instance needs '{keyword}'; it is left out");
        }

        return isThere;
    }

    /// <summary>Settles family and version, and what depends on them.</summary>
    private VrrpInstance WithVersion(VrrpInstance read, Statement statement)
    {
        VirtualAddress? first = read.Addresses.FirstOrDefault() ?? read.ExcludedAddresses.FirstOrDefault();
        AddressFamily family = first?.Ip.AddressFamily ?? AddressFamily.InterNetwork;
        bool isIpv6 = family == AddressFamily.InterNetworkV6;
        if (isIpv6 && read.Version == 2 && Value(statement, "version") is { } written)
        {
            report.Warning(written, "VRRPv2 is for IPv4 only: for these addresses version 3 is taken");
        }

        read = read with { Family = family, Version = isIpv6 ? 3 : read.Version };
        IPAddress group = isIpv6 ? globals.Vrrp.Group6 : globals.Vrrp.Group4;
        bool hasGroup = !read.Transport.Group.Equals(IPAddress.None);
        read = read with { Transport = read.Transport with { Group = hasGroup ? read.Transport.Group : group } };
        return read with { AdvertInterval = IntervalOf(read, statement) };
    }

    /// <summary>Version 2 says whole seconds on the wire, version 3 hundredths (RFC 3768, RFC 9568).</summary>
    private TimeSpan IntervalOf(VrrpInstance read, Statement statement)
    {
        if (Value(statement, "advert_int") is not { } word || read.AdvertInterval == TimeSpan.FromSeconds(1))
        {
            return read.AdvertInterval;
        }

        bool isSeconds = read.Version == 2;
        TimeSpan unit = isSeconds ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(10);
        TimeSpan max = isSeconds ? TimeSpan.FromSeconds(255) : TimeSpan.FromMilliseconds(40_950);
        string range = isSeconds ? "whole seconds, 1 to 255" : "seconds, 0.01 to 40.95";
        TimeSpan time = read.AdvertInterval;
        if (time == TimeSpan.Zero || time > max)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is outside the range of advert_int: {range}");
            return TimeSpan.FromSeconds(1);
        }

        TimeSpan rounded = unit * Math.Max(1, (time.Ticks + (unit.Ticks / 2)) / unit.Ticks);
        if (rounded != time)
        {
            string taken = FormattableString.Invariant($"{rounded.TotalSeconds}");
            report.Error(word, $"VRRPv{read.Version} sends adverts in {range}: {taken} is taken");
        }

        return rounded;
    }

    private VrrpInstance Complete(VrrpInstance read, Statement statement)
    {
        Word header = statement.Header(2);
        HashSet<IPAddress> own = [];
        ImmutableArray<VirtualAddress> addresses = Unique(read.Addresses, read, own, isAdvertised: true);
        ImmutableArray<VirtualAddress> excluded = Unique(read.ExcludedAddresses, read, own, isAdvertised: false);
        if (addresses.Length > AddressesPerAdvertMax)
        {
            report.Warning(header, "an advert carries 255 addresses; the others are treated as excluded ones");
            excluded = [.. addresses[AddressesPerAdvertMax..], .. excluded];
            addresses = addresses[..AddressesPerAdvertMax];
        }

        bool isMaster = read.InitialState == VrrpInitialState.Master;
        if (isMaster && (!read.Preempt || read.PreemptDelay.Ticks > 0))
        {
            report.Warning(header, "nopreempt and preempt_delay do not go with 'state MASTER'; they are ignored");
        }

        if (read.Version == 3 && read.Authentication != VrrpAuthentication.None)
        {
            report.Warning(header, "VRRPv3 has no authentication: what 'authentication' says is ignored");
            read = read with { Authentication = VrrpAuthentication.None, Password = [] };
        }

        AnnounceTiming announce = read.Announce;
        bool hasDelay = Written(read, "garp_lower_prio_delay", "vrrp_garp_lower_prio_delay");
        bool hasRepeat = Written(read, "garp_lower_prio_repeat", "vrrp_garp_lower_prio_repeat");
        return read with
        {
            Addresses = addresses,
            ExcludedAddresses = excluded,
            Preempt = read.Preempt || isMaster,
            PreemptDelay = isMaster ? default : read.PreemptDelay,
            Tracks = TrackReader.ReadAll(statement.Body!, definitions, report),
            Transport = read.Transport with { Peers = PeersOf(read) },
            Announce = announce with
            {
                LowerPriorityDelay = hasDelay ? announce.LowerPriorityDelay : announce.MasterDelay,
                LowerPriorityRepeat = hasRepeat ? announce.LowerPriorityRepeat : announce.MasterRepeat,
            },
        };
    }

    private bool Written(VrrpInstance read, string keyword, string global) =>
        read.Origins.Of(keyword) is not null || globals.Origins.Of(global) is not null;

    private ImmutableArray<UnicastPeer> PeersOf(VrrpInstance read)
    {
        foreach (UnicastPeer peer in read.Transport.Peers.Where(peer => peer.Address.AddressFamily != read.Family))
        {
            report.Error(
                Reporter.WordAt(peer.Span),
                $"{peer.Address} is {peer.Address.Family()}, unlike the addresses of the instance; it is left out");
        }

        return [.. read.Transport.Peers.Where(peer => peer.Address.AddressFamily == read.Family)];
    }

    private byte PriorityOf(VrrpInstance read, Statement statement, HashSet<string> notUnderstood)
    {
        if (read.InitialState != VrrpInitialState.Master
            || statement.Body!.Mentions("priority")
            || notUnderstood.Contains("priority"))
        {
            return read.Priority;
        }

        report.Warning(
            statement.Header(2), "'state MASTER' without 'priority' means priority 255, the owner of the addresses");
        return OwnerPriority;
    }

    /// <summary>An address that an instance has twice counts once; one of two instances is only reported.</summary>
    private ImmutableArray<VirtualAddress> Unique(
        IEnumerable<VirtualAddress> written, VrrpInstance instance, HashSet<IPAddress> own, bool isAdvertised)
    {
        ImmutableArray<VirtualAddress>.Builder unique = ImmutableArray.CreateBuilder<VirtualAddress>();
        foreach (VirtualAddress address in written)
        {
            Word place = Reporter.WordAt(address.Span);
            if (isAdvertised && address.Ip.AddressFamily != instance.Family)
            {
                report.Error(
                    place,
                    $"{address.Ip}, of the other family than the advertised addresses, belongs into "
                    + "virtual_ipaddress_excluded or another instance; it is left out");
                continue;
            }

            if (!_addresses.Add(address.Ip))
            {
                report.Warning(place, $"{address.Ip} is held by an instance already");
            }

            if (own.Add(address.Ip))
            {
                unique.Add(address.Device.Length > 0 ? address : address with { Device = instance.Interface });
            }
        }

        return unique.ToImmutable();
    }

    /// <summary>The word behind a keyword of a block, of its last line if there are several.</summary>
    private static Word? Value(Statement statement, string keyword)
    {
        Statement? line = statement.Body!.Statements.LastOrDefault(line => line.Keyword == keyword);
        return line is { Words.Length: > 1 } ? line.Words[1] : null;
    }
}
