// A plain C loop that does, frame by frame, what the forwarder does with an established IPv4 TCP flow: doubts every
// length, checks the header checksum, finds the flow, moves its state and deadline on, finishes a partial TCP checksum,
// counts a hop, rewrites both MACs, counts. One thread, no atomics where x86 needs none. What `./dev bench ratio`
// measures the C# loop against.
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BATCH = 64, BUCKET = 4, PROBES = 32, OUTCOMES = 17 };
enum { FORWARDED, MALFORMED = 6, NOT_OURS, FRAGMENT, LOOP, HOP_LIMIT, NO_CONNECTION = 12, NO_NEIGHBOUR = 15 };

struct slot { _Atomic uint64_t word; uint64_t addresses; };
struct real { uint64_t mac, source; uint32_t address, mtu; int weight; };
struct descriptor { uint64_t address; uint32_t length, options; };
struct packet { uint64_t addresses, ports, sender; uint32_t slot; uint16_t transport, end; uint8_t flags, hops, protocol, outcome; };

struct director {
    struct slot *slots;
    _Atomic uint32_t *deadlines;
    uint32_t mask;
    uint64_t seed_a, seed_b, own;
    struct real reals[16];
    uint32_t timeouts[16];
    uint64_t frames[OUTCOMES], octets[OUTCOMES], packets[16], bytes[16];
    struct packet batch[BATCH];
    struct descriptor sent[BATCH];
};

static const uint8_t on_reset[] = {6, 6, 6, 3, 6, 6, 6, 6, 8, 9, 6}, on_syn[] = {3, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3};
static const uint8_t on_fin[] = {6, 4, 2, 5, 4, 5, 6, 7, 8, 9, 5}, on_ack[] = {1, 1, 2, 1, 4, 5, 6, 7, 6, 9, 1};
static const uint64_t key_mask = 0xFFFFFFFFFF800000, template_bit = 0x800000;

static inline uint16_t be16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return __builtin_bswap16(v); }
static inline uint32_t be32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return __builtin_bswap32(v); }
static inline uint64_t mac(const uint8_t *p) { return (uint64_t)be32(p) << 16 | be16(p + 4); }
static inline void put16(uint8_t *p, uint16_t v) { v = __builtin_bswap16(v); memcpy(p, &v, 2); }
static inline void put_mac(uint8_t *p, uint64_t m) {
    uint32_t high = __builtin_bswap32((uint32_t)(m >> 16));
    memcpy(p, &high, 4);
    put16(p + 4, (uint16_t)m);
}

static inline uint16_t fold(uint64_t sum) {
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)sum;
}

static inline uint64_t add(uint64_t sum, const uint8_t *p, int length) {
    for (; length >= 4; p += 4, length -= 4) sum += be32(p);
    if (length >= 2) { sum += be16(p); p += 2; length -= 2; }
    return length ? sum + ((uint32_t)*p << 8) : sum;
}

static inline uint32_t locate(const struct director *d, uint64_t addresses, uint64_t ports) {
    uint64_t mixed = (addresses ^ d->seed_a) * 0x9E3779B97F4A7C15;
    mixed ^= mixed >> 32;
    mixed = (mixed ^ ports) * d->seed_b;
    mixed ^= mixed >> 29;
    mixed *= 0xBF58476D1CE4E5B9;
    return (uint32_t)(mixed >> 32) & d->mask & ~(BUCKET - 1u);
}

struct director *reference_new(int flows) {
    struct director *d = calloc(1, sizeof *d);
    uint32_t slots = 64;
    while (slots < 2L * flows) slots *= 2;
    d->slots = mmap(0, slots * sizeof *d->slots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    d->deadlines = mmap(0, slots * 4ul, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    d->mask = slots - 1;
    d->seed_a = 0x1234567890ABCDEF;
    d->seed_b = 0x0FEDCBA987654321;
    static const uint32_t seconds[] = {2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120, 300};
    for (int i = 0; i < 12; i++) d->timeouts[i] = seconds[i] * 10;
    return d;
}

void reference_own(struct director *d, uint64_t own) { d->own = own; }

void reference_real(struct director *d, int number, uint32_t address, uint64_t to) {
    d->reals[number] = (struct real){.mac = to, .source = d->own, .address = address, .weight = 1};
}

int reference_insert(struct director *d, uint64_t addresses, uint64_t ports, int state, int real, uint32_t deadline) {
    uint32_t first = locate(d, addresses, ports);
    for (int i = 0; i < PROBES; i++) {
        uint32_t at = (first + i) & d->mask;
        if (!d->slots[at].word) {
            d->slots[at].addresses = addresses;
            d->deadlines[at] = deadline;
            d->slots[at].word = ports | (uint64_t)state << 16 | real;
            return 1;
        }
    }
    return 0;
}

static inline int read_packet(struct director *d, uint8_t *frame, int length, struct packet *p) {
    if (length < 14) return MALFORMED;
    if (be16(frame + 12) != 0x0800 || mac(frame) != d->own) return NOT_OURS;
    p->sender = mac(frame + 6);
    uint8_t *ip = frame + 14;
    int left = length - 14;
    if (left < 20 || ip[0] >> 4 != 4) return MALFORMED;
    int header = (ip[0] & 15) * 4, total = be16(ip + 2);
    if (header < 20 || header > left || total < header || total > left) return MALFORMED;
    if (fold(add(0, ip, header)) != 0xFFFF) return MALFORMED;
    if (be16(ip + 6) & 0x3FFF) return FRAGMENT;
    p->hops = ip[8];
    p->protocol = ip[9];
    p->transport = (uint16_t)(14 + header);
    p->end = (uint16_t)(14 + total);
    uint8_t *tcp = ip + header;
    int segment = total - header;
    if (p->protocol == 6 ? segment < 20 : p->protocol == 17 ? segment < 8 : 1)
        return p->protocol == 6 || p->protocol == 17 ? MALFORMED : NOT_OURS;
    p->flags = p->protocol == 6 ? tcp[13] & 0x17 : 0;
    p->addresses = (uint64_t)be32(ip + 12) << 32 | be32(ip + 16);
    p->ports = (uint64_t)be16(tcp) << 48 | (uint64_t)be16(tcp + 2) << 32 | (uint64_t)p->protocol << 24;
    return FORWARDED;
}

static inline uint8_t next_state(uint8_t state, uint8_t protocol, uint8_t flags) {
    if (protocol != 6) return 11;
    const uint8_t *row = flags & 4 ? on_reset : flags & 2 ? on_syn : flags & 1 ? on_fin : flags & 16 ? on_ack : 0;
    return row && state < 11 ? row[state] : state;
}

static inline int redirect(struct director *d, uint8_t *frame, struct packet *p, const struct real *real, int number) {
    if (p->hops <= 1) return HOP_LIMIT;
    if (!real->mac) return NO_NEIGHBOUR;
    uint8_t *ip = frame + 14, *segment = frame + p->transport;
    int length = p->end - p->transport, field = p->protocol == 6 ? 16 : 6;
    uint64_t pseudo = add(0, ip + 12, 8) + p->protocol + (uint32_t)length;
    if (be16(segment + field) == fold(pseudo)) {
        put16(segment + field, 0);
        uint16_t sum = fold(add(pseudo, segment, length)) ^ 0xFFFF;
        put16(segment + field, sum == 0 && p->protocol == 17 ? 0xFFFF : sum);
    }
    uint16_t before = be16(ip + 8), after = (uint16_t)(before - 0x0100);
    put16(ip + 8, after);
    put16(ip + 10, fold((uint64_t)(be16(ip + 10) ^ 0xFFFF) + (before ^ 0xFFFF) + after) ^ 0xFFFF);
    put_mac(frame, real->mac);
    put_mac(frame + 6, real->source);
    d->packets[number]++;
    d->bytes[number] += p->end - 14;
    return FORWARDED;
}

static inline int decide(struct director *d, uint8_t *frame, struct packet *p, uint32_t now) {
    if (p->sender == d->own) return LOOP;
    for (int i = 0; i < PROBES; i++) {
        uint32_t at = (p->slot + i) & d->mask;
        struct slot *slot = d->slots + at;
        uint64_t word = atomic_load_explicit(&slot->word, memory_order_acquire);
        if (!word) break;
        if ((word & key_mask) != p->ports || slot->addresses != p->addresses ||
            atomic_load_explicit(&slot->word, memory_order_acquire) != word)
            continue;
        uint32_t deadline = atomic_load_explicit(d->deadlines + at, memory_order_acquire);
        if (deadline <= now && !(word & template_bit)) break;
        int number = word & 0xFFFF;
        struct real *real = d->reals + (number & 15);
        uint8_t state = word >> 16 & 0x7F, next = next_state(state, p->protocol, p->flags);
        if (next != state)
            atomic_compare_exchange_strong(&slot->word, &word, (word & key_mask) | (uint64_t)next << 16 | number);
        uint32_t until = now + d->timeouts[next];
        if (deadline != until) atomic_store_explicit(d->deadlines + at, until, memory_order_release);
        return redirect(d, frame, p, real, number);
    }
    return NO_CONNECTION;
}

// frames lie 2,048 octets apart. Returns how many were forwarded.
int reference_batch(struct director *d, uint8_t *memory, int count, int length, uint32_t now) {
    for (int i = 0; i < count; i++) {
        struct packet *p = d->batch + i;
        p->outcome = (uint8_t)read_packet(d, memory + i * 2048l, length, p);
        if (p->outcome == FORWARDED) {
            p->slot = locate(d, p->addresses, p->ports);
            __builtin_prefetch(d->slots + p->slot);
            __builtin_prefetch((void *)(d->deadlines + p->slot));
        }
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
        struct packet *p = d->batch + i;
        int outcome = p->outcome == FORWARDED ? decide(d, memory + i * 2048l, p, now) : p->outcome;
        if (outcome == FORWARDED) d->sent[kept++] = (struct descriptor){i * 2048l, (uint32_t)length, 0};
        d->frames[outcome]++;
        d->octets[outcome] += (uint64_t)length;
    }
    return kept;
}
