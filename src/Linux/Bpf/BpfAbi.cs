using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Bpf;

/// <summary>Numbers and structs of bpf(2). Source: linux/bpf.h.</summary>
internal static class BpfAbi
{
    internal const int MapCreate = 0, MapLookup = 1, MapUpdate = 2, MapDelete = 3, ProgramLoad = 5;
    internal const int ObjectPin = 6, ObjectGet = 7, ProgramTestRun = 10, ObjectInfo = 15, LinkCreate = 28;
    internal const int LinkUpdate = 29;

    /// <summary>__NR_bpf differs by architecture: 321 on x86-64, 280 on Arm64.</summary>
    internal static readonly int CallNumber =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
}

/// <summary>bpf_attr of BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MapCreateAttributes
{
    internal uint map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
    internal fixed byte map_name[16];
}

/// <summary>bpf_attr of the element commands.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapElementAttributes
{
    internal uint map_fd, padding;
    internal ulong key, value, flags;
}

/// <summary>bpf_attr of BPF_PROG_LOAD, up to the fields used here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProgramLoadAttributes
{
    internal uint prog_type, insn_cnt;
    internal ulong insns, license;
    internal uint log_level, log_size;
    internal ulong log_buf;
    internal uint kern_version, prog_flags;
    internal fixed byte prog_name[16];
    internal uint prog_ifindex, expected_attach_type;
}

/// <summary>bpf_attr of BPF_PROG_TEST_RUN, up to the fields used here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TestRunAttributes
{
    internal uint prog_fd, retval, data_size_in, data_size_out;
    internal ulong data_in, data_out;
    internal uint repeat, duration, ctx_size_in, ctx_size_out;
    internal ulong ctx_in, ctx_out;
    internal uint flags, cpu, batch_size, padding;
}

/// <summary>bpf_attr of BPF_LINK_CREATE, up to the fields used here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkCreateAttributes
{
    internal uint prog_fd, target_ifindex, attach_type, flags;
}

/// <summary>bpf_attr of BPF_OBJ_PIN and BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ObjectAttributes
{
    internal ulong pathname;
    internal uint bpf_fd, file_flags;
}

/// <summary>bpf_attr of BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InfoAttributes
{
    internal uint bpf_fd, info_len;
    internal ulong info;
}

/// <summary>struct bpf_map_info, up to the fields used here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapInfo
{
    internal uint type, id, key_size, value_size, max_entries, map_flags;
}

/// <summary>bpf_attr of BPF_LINK_UPDATE.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkUpdateAttributes
{
    internal uint link_fd, new_prog_fd, flags, old_prog_fd;
}
