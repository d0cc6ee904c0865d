// The few bpf(2) calls and instructions that these programs need, without a library.
#pragma once
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct bpf_insn program[96];
static int length;

static inline void emit(uint8_t code, int to, int from, int offset, int value) {
    program[length++] = (struct bpf_insn){.code = code, .dst_reg = to, .src_reg = from, .off = offset, .imm = value};
}

// emit_map: the address of a map, or of the first value of an array of one.
static inline void emit_map(int to, int map, int kind) {
    emit(BPF_LD | BPF_DW | BPF_IMM, to, kind, 0, map);
    emit(0, 0, 0, 0, 0);
}

// emit_frame: r6 = data, r7 = data_end; a frame shorter than SIZE ends the program with XDP_PASS.
static inline void emit_frame(int size) {
    emit(BPF_LDX | BPF_MEM | BPF_W, 6, 1, 0, 0);
    emit(BPF_LDX | BPF_MEM | BPF_W, 7, 1, 4, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 4, 6, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, size);
    emit(BPF_JMP | BPF_JLE | BPF_X, 4, 7, 2, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS);
    emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static inline int bpf(int command, union bpf_attr *attributes) {
    int result = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    if (result < 0) {
        fprintf(stderr, "bpf(%d): %s\n", command, strerror(errno));
        exit(1);
    }
    return result;
}

// load: what was emitted.
static inline int load(void) {
    union bpf_attr attributes = {
        .prog_type = BPF_PROG_TYPE_XDP, .insn_cnt = length, .insns = (uintptr_t)program, .license = (uintptr_t)"MIT",
    };
    return bpf(BPF_PROG_LOAD, &attributes);
}

// attach: in the driver, until this process ends.
static inline void attach(int loaded, const char *nic) {
    union bpf_attr link = {.link_create = {
        .prog_fd = loaded, .target_ifindex = if_nametoindex(nic),
        .attach_type = BPF_XDP, .flags = XDP_FLAGS_DRV_MODE,
    }};
    bpf(BPF_LINK_CREATE, &link);
}

static inline int make_map(int type, int value_size) {
    union bpf_attr attributes = {.map_type = type, .key_size = 4, .value_size = value_size, .max_entries = 1};
    return bpf(BPF_MAP_CREATE, &attributes);
}

static inline void set_map(int map, const void *value) {
    uint32_t zero = 0;
    union bpf_attr attributes = {.map_fd = map, .key = (uintptr_t)&zero, .value = (uintptr_t)value};
    bpf(BPF_MAP_UPDATE_ELEM, &attributes);
}

static inline void mac_of(const char *nic, uint8_t *mac) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, nic, IFNAMSIZ - 1);
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    if (ioctl(any, SIOCGIFHWADDR, &request)) {
        fprintf(stderr, "%s: %s\n", nic, strerror(errno));
        exit(1);
    }
    close(any);
    memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}
