// xdp NIC drop|tx [TARGET-MAC] : the two smallest XDP programs, for comparison, until a signal comes.
// drop: every frame is dropped. tx: both MAC addresses are written and the frame goes back out, nothing is looked up.
#include "frames.h"
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct bpf_insn program[32];
static int length;

static void emit(uint8_t code, int to, int from, int offset, int value) {
    program[length++] = (struct bpf_insn){.code = code, .dst_reg = to, .src_reg = from, .off = offset, .imm = value};
}

static void emit_tx(const uint8_t *target, const uint8_t *own) {
    int32_t words[3];
    uint8_t octets[12];
    memcpy(octets, target, 6);
    memcpy(octets + 6, own, 6);
    memcpy(words, octets, 12);
    emit(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 0, 0); // r2 = data, r3 = data_end
    emit(BPF_LDX | BPF_MEM | BPF_W, 3, 1, 4, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 4, 2, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, 14);
    emit(BPF_JMP | BPF_JGT | BPF_X, 4, 3, 3, 0); // shorter than a header: as it is
    for (int i = 0; i < 3; i++) emit(BPF_ST | BPF_MEM | BPF_W, 2, 0, i * 4, words[i]);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_TX);
}

static int bpf(int command, union bpf_attr *attributes) {
    int result = syscall(SYS_bpf, command, attributes, sizeof *attributes);
    if (result < 0) {
        fprintf(stderr, "xdp: bpf(%d): %s\n", command, strerror(errno));
        exit(1);
    }
    return result;
}

int main(int count, char **words) {
    if (count < 3 || (strcmp(words[2], "drop") && count < 4)) {
        fputs("xdp NIC drop|tx [TARGET-MAC]\n", stderr);
        return 2;
    }
    if (strcmp(words[2], "tx") == 0) {
        uint8_t target[6];
        struct ifreq request = {0};
        strncpy(request.ifr_name, words[1], IFNAMSIZ - 1);
        if (ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCGIFHWADDR, &request)) return 1;
        parse_mac(words[3], target);
        emit_tx(target, (uint8_t *)request.ifr_hwaddr.sa_data);
    } else {
        emit(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP);
    }
    emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    union bpf_attr load = {
        .prog_type = BPF_PROG_TYPE_XDP, .insn_cnt = length, .insns = (uintptr_t)program, .license = (uintptr_t)"MIT",
    };
    union bpf_attr link = {.link_create = {
        .prog_fd = bpf(BPF_PROG_LOAD, &load), .target_ifindex = if_nametoindex(words[1]),
        .attach_type = BPF_XDP, .flags = XDP_FLAGS_DRV_MODE,
    }};
    bpf(BPF_LINK_CREATE, &link);
    puts("attached");
    fflush(stdout);
    pause();
    return 0;
}
