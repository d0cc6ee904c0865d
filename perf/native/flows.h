// Which flows there are, and how the command line names a station.
#pragma once
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME = 80, TCP = 6, UDP = 17, PORTS_PER_CLIENT = 16, CLIENT_PORT = 20000 };

static inline void parse_mac(const char *text, uint8_t *mac) {
    if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4, mac + 5) != 6) {
        fprintf(stderr, "no MAC address: %s\n", text);
        exit(2);
    }
}
