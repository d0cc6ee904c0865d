// Frames of one size for every family, protocol and flow, with right checksums: what a client sends to the director.
#pragma once
#include "flows.h"

enum { FLAG_SYN = 2, FLAG_ACK = 16, FLAG_PUSH = 8 };

struct frames { uint8_t target[6], source[6], vip[16]; int is_v6, protocol; uint16_t port; };

static inline void put16(uint8_t *p, unsigned value) { p[0] = value >> 8; p[1] = value; }

static inline uint32_t sum_of(const uint8_t *p, int length) {
    uint32_t sum = 0;
    for (int i = 0; i < length; i += 2) sum += p[i] << 8 | (i + 1 < length ? p[i + 1] : 0);
    return sum;
}

static inline uint16_t fold(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum;
}

// frame_of: the frame of flow number FLOW; of TCP, with these control bits.
static inline void frame_of(const struct frames *to, unsigned flow, unsigned flags, uint8_t *frame) {
    int address = to->is_v6 ? 16 : 4, header = to->is_v6 ? 40 : 20;
    unsigned client = flow / PORTS_PER_CLIENT + 1;
    uint8_t *ip = frame + 14, *l4 = ip + header;
    int l4_length = FRAME - 14 - header;
    memset(frame, 0, FRAME);
    memcpy(frame, to->target, 6);
    memcpy(frame + 6, to->source, 6);
    put16(frame + 12, to->is_v6 ? 0x86DD : 0x0800);
    uint8_t *from;
    if (to->is_v6) {
        ip[0] = 0x60;
        put16(ip + 4, l4_length);
        ip[6] = to->protocol;
        ip[7] = 64;
        from = ip + 8;
        from[0] = 0xFD;
        from[3] = 2;
        put16(from + 14, client);
    } else {
        ip[0] = 0x45;
        put16(ip + 2, FRAME - 14);
        ip[6] = 0x40;
        ip[8] = 64;
        ip[9] = to->protocol;
        from = ip + 12;
        from[0] = 10;
        from[1] = 1;
        put16(from + 2, client);
        memcpy(from + 4, to->vip, 4);
        put16(ip + 10, fold(sum_of(ip, 20)));
    }
    memcpy(from + address, to->vip, address);
    put16(l4, CLIENT_PORT + flow % PORTS_PER_CLIENT);
    put16(l4 + 2, to->port);
    if (to->protocol == UDP) {
        put16(l4 + 4, l4_length);
    } else {
        l4[7] = 1;
        l4[11] = 1;
        l4[12] = 5 << 4;
        l4[13] = flags;
        put16(l4 + 14, 65535);
    }
    uint32_t sum = sum_of(from, 2 * address) + to->protocol + l4_length + sum_of(l4, l4_length);
    put16(l4 + (to->protocol == UDP ? 6 : 16), fold(sum));
}
