using System;
using System.Buffers.Binary;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Linux.Nftables;

/// <summary>A service whose packets the kernel itself must not see.</summary>
/// <param name="Address">The VIP, of either family.</param>
/// <param name="Protocol">6 TCP, 17 UDP, 132 SCTP.</param>
/// <param name="Port">Host order; 0 for all ports.</param>
public readonly record struct IngressService(IpAddress Address, byte Protocol, ushort Port);

/// <summary>
/// Drops the kernel's own copy of frames that an AF_PACKET forwarder has already taken from the same interface.
/// </summary>
/// <remarks>
/// An nf_tables table of family netdev with a chain at the interface's ingress hook, which comes after packet sockets.
/// Dropped are packets to a service, first fragments included, and ICMP and ICMPv6 errors that quote a packet of a
/// service. Later fragments have no port: they are dropped only where a service takes all ports. Others pass, as they
/// may be of a packet for the kernel; without the first the kernel never puts them together, so it answers nothing.
/// Frames with two VLAN tags pass: the kernel answers on those only if it has the VIP on an interface for both.
/// The table is owned by this object's socket (NFT_TABLE_F_OWNER, Linux 5.12): nobody else can change it, and it
/// disappears with the process, however that ends. Before Linux 6.16 it is of no use any more once the interface was
/// removed; since then it waits for an interface of that name.
/// </remarks>
public sealed class IngressDropRule : IDisposable
{
    private const int ElementsPerMessageMax = 1024;

    private readonly NetlinkSocket _socket = NetlinkSocket.OpenNetfilter();
    private readonly NetlinkMessageWriter _batch = new();

    /// <summary>Puts the rule in place.</summary>
    /// <param name="linkName">The interface that the forwarder receives from.</param>
    /// <param name="services">What to drop.</param>
    /// <exception cref="LinuxException">EPERM or EEXIST: another process holds the table.</exception>
    public IngressDropRule(string linkName, ReadOnlySpan<IngressService> services)
    {
        TableName = "xdplvs-" + linkName;
        try
        {
            RequireLink(linkName);
            BeginBatch();
            WriteTable(linkName);
            WriteRules();
            WriteElements(services);
            int errno = EndBatch();
            if (errno != 0)
            {
                throw new LinuxException("nf_tables", Subject, errno, Hint(errno));
            }
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>The table, as "nft list table netdev NAME" takes it.</summary>
    public string TableName { get; }

    private string Subject => "table netdev " + TableName;

    /// <summary>Swaps the services. A packet meets the old ones or the new ones, never neither.</summary>
    public void Replace(ReadOnlySpan<IngressService> services)
    {
        BeginBatch();
        foreach (IngressFamily family in IngressFamily.Both)
        {
            Begin(NftablesAbi.NFT_MSG_DELSETELEM, flags: 0) // without elements: all
                .Text(NftablesAbi.NFTA_SET_ELEM_LIST_TABLE, TableName)
                .Text(NftablesAbi.NFTA_SET_ELEM_LIST_SET, family.Set);
        }

        WriteElements(services);
        int errno = EndBatch();
        if (errno != 0)
        {
            throw new LinuxException("nf_tables", Subject, errno, _socket.Explanation);
        }
    }

    /// <summary>Packets dropped since the rule was put in place.</summary>
    public ulong CountDropped()
    {
        var header = new NfGenMsg { nfgen_family = NftablesAbi.NFPROTO_NETDEV };
        _batch.Clear().Begin(Type(NftablesAbi.NFT_MSG_GETRULE), NetlinkAbi.NLM_F_DUMP, header)
            .Text(NftablesAbi.NFTA_RULE_TABLE, TableName);
        ulong total = 0;
        foreach (ulong count in _socket.Dump<ulong>(_batch, TryReadCounter, "NFT_MSG_GETRULE", Subject))
        {
            total += count;
        }

        return total;
    }

    /// <summary>Takes the rule away.</summary>
    public void Dispose() => _socket.Dispose();

    private static ushort Type(ushort message) => (ushort)((NftablesAbi.NFNL_SUBSYS_NFTABLES << 8) | message);

    private static bool TryReadCounter(NetlinkMessage message, out ulong packets)
    {
        packets = 0;
        if (message.Type != Type(NftablesAbi.NFT_MSG_NEWRULE)
            || !message.TryOpen(out NfGenMsg _, out NetlinkAttributes attributes)
            || !attributes.TryFind(NftablesAbi.NFTA_RULE_EXPRESSIONS, out NetlinkField expressions))
        {
            return false;
        }

        NetlinkAttributes list = expressions.Nested;
        while (list.TryRead(out NetlinkField expression))
        {
            if (expression.Nested.TryFind(NftablesAbi.NFTA_EXPR_NAME, out NetlinkField name)
                && name.Value.StartsWith("counter"u8)
                && expression.Nested.TryFind(NftablesAbi.NFTA_EXPR_DATA, out NetlinkField data)
                && data.Nested.TryFind(NftablesAbi.NFTA_COUNTER_PACKETS, out NetlinkField counter))
            {
                packets = counter.BigEndian64;
                return true;
            }
        }

        return false;
    }

    private static string? Hint(int errno) => errno switch
    {
        Errno.EPERM => "another process owns it (is a second director running?), or CAP_NET_ADMIN is missing",
        Errno.EEXIST or Errno.EBUSY => "somebody else made it; if nobody needs it: nft delete table netdev NAME",
        Errno.ENOENT => "the kernel lacks nf_tables' netdev family",
        Errno.EOPNOTSUPP => "the kernel lacks nf_tables' netdev family, or is older than 5.12",
        _ => null,
    };

    /// <summary>Since Linux 6.16 a chain can be hooked to a name that no interface has; a slip would pass.</summary>
    private void RequireLink(string linkName)
    {
        using var route = NetlinkSocket.OpenRoute();
        if (new Links(route).Get(linkName) is null)
        {
            throw new LinuxException("nf_tables", Subject, Errno.ENODEV);
        }
    }

    private void WriteTable(string linkName)
    {
        Begin(NftablesAbi.NFT_MSG_NEWTABLE, NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_EXCL)
            .Text(NftablesAbi.NFTA_TABLE_NAME, TableName)
            .BigEndian(NftablesAbi.NFTA_TABLE_FLAGS, NftablesAbi.NFT_TABLE_F_OWNER);

        Begin(NftablesAbi.NFT_MSG_NEWCHAIN, NetlinkAbi.NLM_F_CREATE)
            .Text(NftablesAbi.NFTA_CHAIN_TABLE, TableName)
            .Text(NftablesAbi.NFTA_CHAIN_NAME, IngressFamily.Chain)
            .Text(NftablesAbi.NFTA_CHAIN_TYPE, "filter")
            .BigEndian(NftablesAbi.NFTA_CHAIN_POLICY, NftablesAbi.NF_ACCEPT);
        int hook = _batch.BeginNested(NftablesAbi.NFTA_CHAIN_HOOK);
        _batch.BigEndian(NftablesAbi.NFTA_HOOK_HOOKNUM, NftablesAbi.NF_NETDEV_INGRESS)
            .BigEndian(NftablesAbi.NFTA_HOOK_PRIORITY, 0)
            .Text(NftablesAbi.NFTA_HOOK_DEV, linkName)
            .EndNested(hook);

        foreach (IngressFamily family in IngressFamily.Both)
        {
            Begin(NftablesAbi.NFT_MSG_NEWSET, NetlinkAbi.NLM_F_CREATE)
                .Text(NftablesAbi.NFTA_SET_TABLE, TableName)
                .Text(NftablesAbi.NFTA_SET_NAME, family.Set)
                .BigEndian(NftablesAbi.NFTA_SET_FLAGS, 0)
                .BigEndian(NftablesAbi.NFTA_SET_KEY_TYPE, family.KeyType)
                .BigEndian(NftablesAbi.NFTA_SET_KEY_LEN, (uint)family.KeySize)
                .BigEndian(NftablesAbi.NFTA_SET_ID, family.SetId);
        }
    }

    private void WriteRules()
    {
        foreach (IngressFamily family in IngressFamily.Both)
        {
            foreach (Func<RuleWriter, RuleWriter> key in family.Keys)
            {
                Begin(NftablesAbi.NFT_MSG_NEWRULE, NetlinkAbi.NLM_F_CREATE | NetlinkAbi.NLM_F_APPEND)
                    .Text(NftablesAbi.NFTA_RULE_TABLE, TableName)
                    .Text(NftablesAbi.NFTA_RULE_CHAIN, IngressFamily.Chain);
                int list = _batch.BeginNested(NftablesAbi.NFTA_RULE_EXPRESSIONS);
                key(new RuleWriter(_batch).EtherTypeIs(family.EtherType)).IsIn(family.Set).CountAndDrop();
                _batch.EndNested(list);
            }
        }
    }

    private void WriteElements(ReadOnlySpan<IngressService> services)
    {
        while (services.Length > 0)
        {
            ReadOnlySpan<IngressService> some = services[..Math.Min(services.Length, ElementsPerMessageMax)];
            services = services[some.Length..];
            foreach (IngressFamily family in IngressFamily.Both)
            {
                WriteElements(family, some);
            }
        }
    }

    private void WriteElements(IngressFamily family, ReadOnlySpan<IngressService> services)
    {
        Span<byte> octets = stackalloc byte[IngressFamily.KeySizeMax];
        Span<byte> key = octets[..family.KeySize];
        int list = -1;
        foreach (IngressService service in services)
        {
            if (service.Address.IsV4 != family.IsV4)
            {
                continue;
            }

            if (list < 0)
            {
                Begin(NftablesAbi.NFT_MSG_NEWSETELEM, NetlinkAbi.NLM_F_CREATE)
                    .Text(NftablesAbi.NFTA_SET_ELEM_LIST_TABLE, TableName)
                    .Text(NftablesAbi.NFTA_SET_ELEM_LIST_SET, family.Set);
                list = _batch.BeginNested(NftablesAbi.NFTA_SET_ELEM_LIST_ELEMENTS);
            }

            family.WriteKey(service, key);
            int element = _batch.BeginNested(NftablesAbi.NFTA_LIST_ELEM);
            int value = _batch.BeginNested(NftablesAbi.NFTA_SET_ELEM_KEY);
            _batch.Attribute(NftablesAbi.NFTA_DATA_VALUE, key).EndNested(value).EndNested(element);
        }

        if (list >= 0)
        {
            _batch.EndNested(list);
        }
    }

    private void BeginBatch() => _batch.Clear().Begin(NftablesAbi.NFNL_MSG_BATCH_BEGIN, 0, BatchHeader);

    private NetlinkMessageWriter Begin(ushort message, ushort flags)
    {
        // Each asks for an answer: the last answer, or the first refusal, is the verdict on the whole batch.
        var header = new NfGenMsg { nfgen_family = NftablesAbi.NFPROTO_NETDEV };
        return _batch.Begin(Type(message), (ushort)(flags | NetlinkAbi.NLM_F_ACK), header);
    }

    private int EndBatch()
    {
        _batch.Begin(NftablesAbi.NFNL_MSG_BATCH_END, 0, BatchHeader);
        return _socket.TryRequest(_batch);
    }

    private static NfGenMsg BatchHeader => new()
    {
        res_id = BinaryPrimitives.ReverseEndianness(NftablesAbi.NFNL_SUBSYS_NFTABLES),
    };
}
