// flood NIC TARGET-MAC VIP PORT : UDP frames out of NIC as fast as a core makes them, on command.
// Standard input has lines "FLOWS FRAMES"; each is answered by "sent FRAMES WALL-NS CPU-NS".
//
// The kernel runs an XDP program on frames of its own (BPF_PROG_RUN, BPF_F_TEST_XDP_LIVE_FRAMES), 64 at a time, and
// sends each where it says. The program writes the whole header anew: the kernel uses its frames again and again, and
// the director changes them. Flow after flow, each with right checksums. What the other end of a veth does with them in
// interrupts happens on this thread's time. A call takes about 20 ms more than its frames do, none of it busy.
#include "bpf.h"
#include "frames.h"
#include <time.h>

enum { HEADERS = 42, IP_SUM = 24, CLIENT = 28, CLIENT_PORT_AT = 34, UDP_SUM = 40, REDIRECT = 23, BATCH = 64 };

struct turn { uint32_t next, flows; };

static uint64_t clock_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

// emit_sum: r1 is folded, inverted, and stored.
static void emit_sum(int at) {
    for (int i = 0; i < 2; i++) {
        emit(BPF_ALU64 | BPF_MOV | BPF_X, 2, 1, 0, 0);
        emit(BPF_ALU64 | BPF_RSH | BPF_K, 2, 0, 0, 16);
        emit(BPF_ALU64 | BPF_AND | BPF_K, 1, 0, 0, 0xFFFF);
        emit(BPF_ALU64 | BPF_ADD | BPF_X, 1, 2, 0, 0);
    }
    emit(BPF_ALU64 | BPF_XOR | BPF_K, 1, 0, 0, 0xFFFF);
    emit(BPF_ALU | BPF_END | BPF_TO_BE, 1, 0, 0, 16);
    emit(BPF_STX | BPF_MEM | BPF_H, 6, 1, at, 0);
}

// generator: its frames are those of frame_of. r8 holds the client's number, r9 its port.
static int generator(uint8_t *frame, int map, int nic) {
    memset(frame + IP_SUM, 0, 2);
    memset(frame + CLIENT, 0, 2);
    memset(frame + CLIENT_PORT_AT, 0, 2);
    memset(frame + UDP_SUM, 0, 2);
    int udp = FRAME - 34;
    uint32_t ip_sum = sum_of(frame + 14, 20), udp_sum = sum_of(frame + 26, 8) + UDP + udp + sum_of(frame + 34, udp);
    emit_frame(HEADERS);
    emit_map(1, map, BPF_PSEUDO_MAP_VALUE);
    emit(BPF_LDX | BPF_MEM | BPF_W, 8, 1, 0, 0);
    emit(BPF_LDX | BPF_MEM | BPF_W, 3, 1, 4, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 4, 8, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 4, 0, 0, 1);
    emit(BPF_JMP | BPF_JLT | BPF_X, 4, 3, 1, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 4, 0, 0, 0);
    emit(BPF_STX | BPF_MEM | BPF_W, 1, 4, 0, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 9, 8, 0, 0);
    emit(BPF_ALU64 | BPF_AND | BPF_K, 9, 0, 0, PORTS_PER_CLIENT - 1);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 9, 0, 0, CLIENT_PORT);
    emit(BPF_ALU64 | BPF_RSH | BPF_K, 8, 0, 0, 4);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 8, 0, 0, 1);
    for (int at = 0; at < 40; at += 4) {
        int32_t word;
        memcpy(&word, frame + at, 4);
        emit(BPF_ST | BPF_MEM | BPF_W, 6, 0, at, word);
    }
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 1, 8, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, ip_sum);
    emit_sum(IP_SUM);
    emit(BPF_ALU64 | BPF_MOV | BPF_X, 1, 8, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_X, 1, 9, 0, 0);
    emit(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 0, udp_sum);
    emit_sum(UDP_SUM);
    emit(BPF_ALU | BPF_END | BPF_TO_BE, 8, 0, 0, 16);
    emit(BPF_STX | BPF_MEM | BPF_H, 6, 8, CLIENT, 0);
    emit(BPF_ALU | BPF_END | BPF_TO_BE, 9, 0, 0, 16);
    emit(BPF_STX | BPF_MEM | BPF_H, 6, 9, CLIENT_PORT_AT, 0);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 1, 0, 0, nic);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, 0);
    emit(BPF_JMP | BPF_CALL, 0, 0, 0, REDIRECT);
    emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    return load();
}

int main(int count, char **words) {
    if (count != 5) {
        fputs("flood NIC TARGET-MAC VIP PORT\n", stderr);
        return 2;
    }
    struct frames to = {.port = atoi(words[4]), .protocol = UDP};
    uint8_t frame[FRAME];
    parse_mac(words[2], to.target);
    mac_of(words[1], to.source);
    if (inet_pton(AF_INET, words[3], to.vip) != 1) return 2;
    frame_of(&to, 0, 0, frame);
    int map = make_map(BPF_MAP_TYPE_ARRAY, sizeof(struct turn));
    int loaded = generator(frame, map, if_nametoindex(words[1]));
    puts("ready");
    fflush(stdout);
    unsigned flows, frames;
    while (scanf("%u %u", &flows, &frames) == 2) {
        set_map(map, &(struct turn){.flows = flows});
        union bpf_attr run = {.test = {
            .prog_fd = loaded, .data_in = (uintptr_t)frame, .data_size_in = FRAME, .repeat = frames,
            .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH,
        }};
        uint64_t wall = clock_ns(CLOCK_MONOTONIC), busy = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        bpf(BPF_PROG_RUN, &run);
        busy = clock_ns(CLOCK_THREAD_CPUTIME_ID) - busy;
        printf("sent %u %lu %lu\n", frames, clock_ns(CLOCK_MONOTONIC) - wall, busy);
        fflush(stdout);
    }
    return 0;
}
