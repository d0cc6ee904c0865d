// forward NIC TARGET-MAC VIP PORT FLOWS : a plain C forwarder on AF_XDP, by bare system calls, for comparison.
//
// Established flows only: for every frame it doubts every length, checks the header checksum, finds the flow, moves its
// deadline on, counts a hop, writes both MACs and counts (bench/reference/director.c). One queue, copy mode, rings and
// batches as large as the director's; frames that cannot be forwarded go back to the kernel's fill ring.
#include "../../bench/reference/director.c"
#include "bpf.h"
#include "flows.h"
#include <linux/if_xdp.h>
#include <poll.h>
#include <time.h>

enum { FRAMES = 4096, CHUNK = 2048, RING = 2048, UDP_STATE = 11, REAL = 0, REDIRECT_MAP = 51, KICKS = 4 };

struct ring { uint32_t *producer, *consumer, *flags; void *slots; uint32_t mask; };

static struct ring fill, completion, receive, transmit;
static int xsk;

static void fail(const char *what) {
    fprintf(stderr, "forward: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void set(int option, const void *value, int size) {
    if (setsockopt(xsk, SOL_XDP, option, value, size)) fail("setsockopt");
}

static struct ring map_ring(int option, uint64_t page, const struct xdp_ring_offset *at, int slots, int slot_size) {
    set(option, &slots, sizeof slots);
    uint8_t *memory = mmap(0, at->desc + (size_t)slots * slot_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
        xsk, page);
    if (memory == MAP_FAILED) fail("ring");
    return (struct ring){
        (void *)(memory + at->producer), (void *)(memory + at->consumer), (void *)(memory + at->flags),
        memory + at->desc, slots - 1,
    };
}

static uint8_t *open_socket(const char *nic) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
    uint8_t *memory = mmap(0, FRAMES * CHUNK, PROT_READ | PROT_WRITE, flags, -1, 0);
    struct xdp_umem_reg umem = {.addr = (uintptr_t)memory, .len = FRAMES * CHUNK, .chunk_size = CHUNK};
    struct xdp_mmap_offsets at;
    socklen_t size = sizeof at;
    xsk = socket(AF_XDP, SOCK_RAW, 0);
    if (xsk < 0 || memory == MAP_FAILED) fail("AF_XDP");
    set(XDP_UMEM_REG, &umem, sizeof umem);
    if (getsockopt(xsk, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size)) fail("getsockopt");
    fill = map_ring(XDP_UMEM_FILL_RING, XDP_UMEM_PGOFF_FILL_RING, &at.fr, FRAMES, sizeof(uint64_t));
    completion = map_ring(XDP_UMEM_COMPLETION_RING, XDP_UMEM_PGOFF_COMPLETION_RING, &at.cr, FRAMES, sizeof(uint64_t));
    receive = map_ring(XDP_RX_RING, XDP_PGOFF_RX_RING, &at.rx, RING, sizeof(struct xdp_desc));
    transmit = map_ring(XDP_TX_RING, XDP_PGOFF_TX_RING, &at.tx, RING, sizeof(struct xdp_desc));
    struct sockaddr_xdp to = {
        .sxdp_family = AF_XDP, .sxdp_flags = XDP_COPY | XDP_USE_NEED_WAKEUP, .sxdp_ifindex = if_nametoindex(nic),
    };
    if (bind(xsk, (void *)&to, sizeof to)) fail("bind");
    return memory;
}

static void steer(const char *nic) {
    int map = make_map(BPF_MAP_TYPE_XSKMAP, sizeof xsk);
    set_map(map, &xsk);
    emit(BPF_LDX | BPF_MEM | BPF_W, 2, 1, 16, 0); // xdp_md.rx_queue_index
    emit_map(1, map, BPF_PSEUDO_MAP_FD);
    emit(BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, XDP_PASS);
    emit(BPF_JMP | BPF_CALL, 0, 0, 0, REDIRECT_MAP);
    emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    attach(load(), nic);
}

static inline uint32_t seen(uint32_t *index) { return __atomic_load_n(index, __ATOMIC_ACQUIRE); }
static inline void publish(uint32_t *index, uint32_t value) { __atomic_store_n(index, value, __ATOMIC_RELEASE); }

static inline void give_back(uint32_t *filled, uint64_t address) {
    ((uint64_t *)fill.slots)[(*filled)++ & fill.mask] = address & ~(uint64_t)(CHUNK - 1);
}

// kick: a call sends 32 frames at most; what is left after a few waits for the next turn.
static int kick(uint32_t sent) {
    for (int i = 0; i < KICKS && seen(transmit.consumer) != sent; i++) {
        if (!(seen(transmit.flags) & XDP_RING_NEED_WAKEUP)) break;
        if (sendto(xsk, 0, 0, MSG_DONTWAIT, 0, 0) < 0 && errno != EAGAIN) break;
    }
    return seen(transmit.consumer) != sent;
}

static uint32_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 10 + time.tv_nsec / 100000000;
}

// turn: one batch, first read and then decided. Returns its size.
static int turn(struct director *d, uint8_t *memory, uint32_t tick, uint32_t *filled, uint32_t *sent) {
    uint32_t done = *completion.consumer, from = *receive.consumer, until = seen(completion.producer);
    for (; done != until; done++) give_back(filled, ((uint64_t *)completion.slots)[done & completion.mask]);
    publish(completion.consumer, done);
    int count = seen(receive.producer) - from;
    if (count > BATCH) count = BATCH;
    struct xdp_desc batch[BATCH];
    for (int i = 0; i < count; i++) {
        struct packet *p = d->batch + i;
        batch[i] = ((struct xdp_desc *)receive.slots)[(from + i) & receive.mask];
        p->outcome = read_packet(d, memory + batch[i].addr, batch[i].len, p);
        if (p->outcome != FORWARDED) continue;
        p->slot = locate(d, p->addresses, p->ports);
        __builtin_prefetch(d->slots + p->slot);
        __builtin_prefetch((void *)(d->deadlines + p->slot));
    }
    publish(receive.consumer, from + count);
    for (int i = 0; i < count; i++) {
        struct packet *p = d->batch + i;
        int outcome = p->outcome == FORWARDED ? decide(d, memory + batch[i].addr, p, tick) : p->outcome;
        int room = *sent - seen(transmit.consumer) < RING;
        if (outcome == FORWARDED && room)
            ((struct xdp_desc *)transmit.slots)[(*sent)++ & transmit.mask] = batch[i];
        else
            give_back(filled, batch[i].addr);
        d->frames[outcome]++;
        d->octets[outcome] += batch[i].len;
    }
    publish(transmit.producer, *sent);
    publish(fill.producer, *filled);
    return count;
}

int main(int count, char **words) {
    if (count != 6) {
        fputs("forward NIC TARGET-MAC VIP PORT FLOWS\n", stderr);
        return 2;
    }
    uint8_t own[6], target[6], vip[4];
    unsigned flows = atoi(words[5]), homeless = 0;
    mac_of(words[1], own);
    parse_mac(words[2], target);
    if (inet_pton(AF_INET, words[3], vip) != 1) return 2;
    struct director *d = reference_new(flows);
    reference_own(d, mac(own));
    reference_real(d, REAL, 0, mac(target));
    for (unsigned flow = 0; flow < flows; flow++) {
        uint64_t client = 0x0A010000 + flow / PORTS_PER_CLIENT + 1, port = CLIENT_PORT + flow % PORTS_PER_CLIENT;
        uint64_t ports = port << 48 | (uint64_t)atoi(words[4]) << 32 | (uint64_t)UDP << 24;
        homeless += !reference_insert(d, client << 32 | be32(vip), ports, UDP_STATE, REAL, UINT32_MAX);
    }
    uint8_t *memory = open_socket(words[1]);
    uint32_t filled = 0, sent = 0;
    for (int i = 0; i < FRAMES; i++) give_back(&filled, (uint64_t)i * CHUNK);
    publish(fill.producer, filled);
    steer(words[1]);
    printf("ready, %u flows found no room\n", homeless);
    fflush(stdout);
    for (;;) {
        struct pollfd wait = {.fd = xsk, .events = POLLIN};
        int received, waiting;
        do {
            received = turn(d, memory, now(), &filled, &sent);
            waiting = kick(sent);
        } while (received > 0);
        if (waiting) wait.events |= POLLOUT;
        poll(&wait, 1, -1);
    }
}
