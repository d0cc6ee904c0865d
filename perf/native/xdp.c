// xdp NIC drop|tx|redirect [TARGET-MAC] : the smallest XDP programs, for comparison, until a signal comes.
// drop: every frame is dropped. tx: both MAC addresses are written and the frame goes back out, nothing is looked up.
// redirect: the same, but it leaves as to another interface: the other end of a veth takes that without a program.
#include "bpf.h"
#include "flows.h"

enum { REDIRECT = 23 };

static void emit_macs(const uint8_t *target, const uint8_t *own) {
    int32_t words[3];
    uint8_t octets[12];
    memcpy(octets, target, 6);
    memcpy(octets + 6, own, 6);
    memcpy(words, octets, 12);
    emit_frame(14);
    for (int i = 0; i < 3; i++) emit(BPF_ST | BPF_MEM | BPF_W, 6, 0, i * 4, words[i]);
}

int main(int count, char **words) {
    if (count < 3 || (strcmp(words[2], "drop") && count < 4)) {
        fputs("xdp NIC drop|tx|redirect [TARGET-MAC]\n", stderr);
        return 2;
    }
    if (strcmp(words[2], "drop")) {
        uint8_t target[6], own[6];
        mac_of(words[1], own);
        parse_mac(words[3], target);
        emit_macs(target, own);
    }
    if (strcmp(words[2], "redirect") == 0) {
        emit(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, if_nametoindex(words[1]));
        emit(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0);
        emit(BPF_JMP | BPF_CALL, 0, 0, 0, REDIRECT);
    } else {
        emit(BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, strcmp(words[2], "tx") ? XDP_DROP : XDP_TX);
    }
    emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    attach(load(), words[1]);
    puts("attached");
    fflush(stdout);
    pause();
    return 0;
}
