using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>Turns what was read of the VRRP instances into the model, or says why one is left out.</summary>
internal sealed class VrrpBuilder(GlobalDraft globals, Reporter report)
{
    private const byte OwnerPriority = 255, DefaultPriority = 100;

    private const int AddressesPerAdvertMax = 255; // the count is one octet on the wire

    private readonly HashSet<string> _names = [];
    private readonly HashSet<(string Interface, byte Id)> _groups = [];
    private readonly HashSet<Ipv4Address> _addresses = [];
    private readonly ImmutableArray<VrrpInstance>.Builder _instances = ImmutableArray.CreateBuilder<VrrpInstance>();

    /// <summary>The instances that can run, in the order of the file.</summary>
    public ImmutableArray<VrrpInstance> Instances => _instances.ToImmutable();

    /// <summary>Reads one <c>vrrp_instance</c>.</summary>
    public void Add(Statement statement)
    {
        Word header = statement.Header(2);
        var draft = new VrrpDraft();
        VrrpReader.Grammar.Read(statement.Body!, draft, report, (skipped, meant) =>
            draft.NotUnderstood.Add(meant ?? skipped.Keyword));
        if (!report.TryWord(statement, "the name of the instance", out Word name))
        {
            return;
        }

        if (!_names.Add(name.Text))
        {
            report.Error(header, $"vrrp_instance {Reporter.Quote(name.Text)} exists already; this one is left out");
            return;
        }

        bool isComplete = Requires(statement, draft, draft.Interface is not null, "interface")
            & Requires(statement, draft, draft.VirtualRouterId is not null, "virtual_router_id")
            & Requires(statement, draft, draft.Addresses.Count > 0, "virtual_ipaddress");
        bool speaksVersion2 = (draft.Version ?? globals.VrrpVersion) == 2;
        if (!isComplete || draft.IsLeftOut || !speaksVersion2)
        {
            return;
        }

        VrrpInstance instance = Build(name.Text, header, draft);
        if (!_groups.Add((instance.Interface, instance.VirtualRouterId)))
        {
            report.Error(
                header,
                $"another instance on {instance.Interface} has virtual_router_id {instance.VirtualRouterId} already; "
                + "this one is left out");
            return;
        }

        _instances.Add(instance);
    }

    /// <summary>What is missing is an error; what was not understood has been one already.</summary>
    private bool Requires(Statement statement, VrrpDraft draft, bool isThere, string keyword)
    {
        Word header = statement.Header(2);
        bool isWritten = statement.Body!.Mentions(keyword) || draft.NotUnderstood.Contains(keyword);
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

    private VrrpInstance Build(string name, Word header, VrrpDraft draft)
    {
        bool isMaster = draft.State == VrrpInitialState.Master;
        HashSet<Ipv4Address> own = [];
        ImmutableArray<VirtualAddress> addresses = Unique(draft.Addresses, draft, own);
        ImmutableArray<VirtualAddress> excluded = Unique(draft.Excluded, draft, own);
        if (addresses.Length > AddressesPerAdvertMax)
        {
            report.Warning(header, "an advert carries 255 addresses; the others are treated as excluded ones");
            excluded = [.. addresses[AddressesPerAdvertMax..], .. excluded];
            addresses = addresses[..AddressesPerAdvertMax];
        }

        if (isMaster && (!draft.Preempt || draft.PreemptDelay.Ticks > 0))
        {
            report.Warning(header, "nopreempt and preempt_delay do not go with 'state MASTER'; they are ignored");
        }

        return new VrrpInstance(
            name,
            draft.State,
            draft.Interface!,
            (byte)draft.VirtualRouterId!.Value,
            PriorityOf(draft, header),
            draft.AdvertInterval,
            draft.Password,
            addresses,
            excluded,
            draft.Preempt || isMaster,
            isMaster ? default : draft.PreemptDelay,
            draft.GarpMasterDelay ?? globals.Settings.GarpMasterDelay,
            draft.GarpMasterRepeat ?? globals.Settings.GarpMasterRepeat,
            report.Span(header));
    }

    private byte PriorityOf(VrrpDraft draft, Word header)
    {
        if (draft.Priority is { } priority)
        {
            return (byte)priority;
        }

        if (draft.State != VrrpInitialState.Master || draft.HasBadPriority || draft.NotUnderstood.Contains("priority"))
        {
            return DefaultPriority;
        }

        report.Warning(header, "'state MASTER' without 'priority' means priority 255, the owner of the addresses");
        return OwnerPriority;
    }

    /// <summary>An address that an instance has twice counts once; one of two instances is only reported.</summary>
    private ImmutableArray<VirtualAddress> Unique(
        IEnumerable<VirtualAddressDraft> drafts, VrrpDraft instance, HashSet<Ipv4Address> own)
    {
        ImmutableArray<VirtualAddress>.Builder unique = ImmutableArray.CreateBuilder<VirtualAddress>();
        foreach (VirtualAddressDraft draft in drafts)
        {
            if (!_addresses.Add(draft.Address))
            {
                report.Warning(draft.Place, $"{draft.Address} is held by an instance already");
            }

            if (!own.Add(draft.Address))
            {
                continue;
            }

            unique.Add(new VirtualAddress(
                draft.Address,
                draft.PrefixLength,
                draft.Broadcast,
                draft.Device ?? instance.Interface!,
                draft.Scope,
                draft.Label,
                report.Span(draft.Place)));
        }

        return unique.ToImmutable();
    }
}
