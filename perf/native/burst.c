// burst NIC TARGET-MAC VIP PORT udp|tcp FLOWS WINDOWS : bursts of 64 frames, and what the machine executed for each.
//
// For a guest under qemu's icount (one instruction is one nanosecond of its clock, one processor). Each 1.2 ms a burst
// leaves through an AF_PACKET ring; in between this process, at the lowest priority there is, counts steps of a length
// that it has measured before. What the clock says beyond those steps somebody else executed: the generator's own
// sending, the director, interrupts. Prints "window INSTRUCTIONS-PER-FRAME" for each 20 bursts, and at the end
// "sent FRAMES".
// First every flow is begun: of TCP by SYN and ACK, of UDP by its first datagram. WINDOWS 0: 120 bursts, no measuring.
#include "frames.h"
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 64, WINDOW = 20, DELIVERY_BURSTS = 120, PERIOD_NS = 1200000, REST_NS = 600000 };
enum { PATIENCE_NS = 1000000000 };
enum { RING = 512, BLOCK = 32, SLOT = 2048 };
enum { ALIGNED_HEADER = TPACKET_ALIGN(sizeof(struct tpacket2_hdr)) };

static int sender;
static uint8_t *ring;
static unsigned slot;
static unsigned long sent;

static void fail(const char *what) {
    fprintf(stderr, "burst: %s: %s\n", what, strerror(errno));
    exit(1);
}

static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

// spin_until: counts steps; a step is always the same instructions.
static inline uint64_t spin_until(uint64_t deadline) {
    uint64_t steps = 0;
    while (now() < deadline) steps++;
    return steps;
}

// rest: until a burst's period is over, and in any case for as long as the NIC may keep what it was given.
static uint64_t rest(uint64_t began) {
    uint64_t period = began + PERIOD_NS, least = now() + REST_NS;
    return spin_until(period > least ? period : least);
}

// step_length: the least of many measures has met no interrupt.
static double step_length(void) {
    double least = 1e9;
    for (int i = 0; i < 400; i++) {
        uint64_t from = now(), steps = spin_until(from + 100000);
        double length = (double)(now() - from) / (steps + 1);
        if (length < least) least = length;
    }
    return least;
}

static void open_ring(const char *nic) {
    struct tpacket_req request = {
        .tp_block_size = BLOCK * SLOT, .tp_block_nr = RING / BLOCK, .tp_frame_size = SLOT, .tp_frame_nr = RING,
    };
    int version = TPACKET_V2, one = 1;
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(nic)};
    sender = socket(AF_PACKET, SOCK_RAW, 0);
    if (sender < 0 || setsockopt(sender, SOL_PACKET, PACKET_VERSION, &version, sizeof version)
        || setsockopt(sender, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one)
        || setsockopt(sender, SOL_PACKET, PACKET_TX_RING, &request, sizeof request)
        || bind(sender, (void *)&to, sizeof to))
        fail(nic);
    ring = mmap(0, RING * SLOT, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_LOCKED, sender, 0);
    if (ring == MAP_FAILED) fail("ring");
}

static void own_mac(const char *nic, uint8_t *mac) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, nic, IFNAMSIZ - 1);
    if (ioctl(sender, SIOCGIFHWADDR, &request)) fail(nic);
    memcpy(mac, request.ifr_hwaddr.sa_data, 6);
}

// send_burst: never waits. A send that waited would sleep until the NIC's timer, and be counted as idle.
static void send_burst(const uint8_t *frames, unsigned count, unsigned *next) {
    for (int i = 0; i < BURST; i++) {
        volatile struct tpacket2_hdr *header = (void *)(ring + slot * SLOT);
        for (uint64_t since = 0; header->tp_status != TP_STATUS_AVAILABLE; since++) {
            if (since * PERIOD_NS > PATIENCE_NS) fail("the NIC keeps what it is given");
            spin_until(now() + PERIOD_NS);
            sendto(sender, 0, 0, MSG_DONTWAIT, 0, 0);
        }
        memcpy((uint8_t *)header + ALIGNED_HEADER, frames + (size_t)*next * FRAME, FRAME);
        header->tp_len = FRAME;
        header->tp_status = TP_STATUS_SEND_REQUEST;
        slot = (slot + 1) % RING;
        *next = *next + 1 == count ? 0 : *next + 1;
    }
    if (sendto(sender, 0, 0, MSG_DONTWAIT, 0, 0) < 0) {
        if (errno != ENOBUFS) fail("send");
        sent--; // the NIC's queue was stopped: one may have been thrown away; it happens once in hundreds of bursts
    }
    sent += BURST;
}

// send_all: every frame once, or as many bursts as that takes.
static void send_all(const struct frames *to, unsigned flows, unsigned flags, uint8_t *memory) {
    unsigned next = 0;
    for (unsigned flow = 0; flow < flows; flow++) frame_of(to, flow, flags, memory + (size_t)flow * FRAME);
    for (unsigned flow = 0; flow < flows; flow += BURST) {
        uint64_t began = now();
        send_burst(memory, flows, &next);
        rest(began);
    }
}

int main(int count, char **words) {
    if (count != 8) {
        fputs("burst NIC TARGET-MAC VIP PORT udp|tcp FLOWS WINDOWS\n", stderr);
        return 2;
    }
    struct frames to = {.port = atoi(words[4]), .protocol = strcmp(words[5], "tcp") ? UDP : TCP};
    unsigned flows = atoi(words[6]), next = 0;
    int windows = atoi(words[7]);
    parse_mac(words[2], to.target);
    to.is_v6 = inet_pton(AF_INET6, words[3], to.vip) == 1;
    if (!to.is_v6 && inet_pton(AF_INET, words[3], to.vip) != 1) fail(words[3]);
    open_ring(words[1]);
    own_mac(words[1], to.source);
    struct sched_param none = {0};
    if (sched_setscheduler(0, SCHED_IDLE, &none)) fail("SCHED_IDLE");
    uint8_t *memory = malloc((size_t)flows * FRAME);
    if (to.protocol == TCP) send_all(&to, flows, FLAG_SYN, memory);
    send_all(&to, flows, FLAG_ACK, memory);
    send_all(&to, flows, FLAG_ACK | FLAG_PUSH, memory);
    double step = step_length();
    printf("step %.1f\n", step);
    for (int window = 0; window < windows; window++) {
        uint64_t from = now(), steps = 0;
        for (int i = 0; i < WINDOW; i++) {
            uint64_t began = now();
            send_burst(memory, flows, &next);
            steps += rest(began);
        }
        printf("window %.1f\n", (now() - from - steps * step) / (WINDOW * BURST));
    }
    for (int i = 0; windows == 0 && i < DELIVERY_BURSTS; i++) {
        uint64_t began = now();
        send_burst(memory, flows, &next);
        rest(began);
    }
    printf("sent %lu\n", sent);
    return 0;
}
