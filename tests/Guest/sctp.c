// Real SCTP associations, which no common command makes (one-to-one sockets, RFC 6458 section 4).
//   sctp serve ADDRESS PORT NAME      answers each association's 100,000 octets with "NAME OCTETS" and 200,000 octets
//   sctp ask OWN ADDRESS PORT HOLD    one association that stays open for HOLD seconds; prints "NAME OCTETS GOT"
// Both ends are bound to one address. An end that is not offers all it has (RFC 9260 section 5.1.2), and its peer then
// also sends to addresses that no director forwards.
// Exit status 1 with a message on stderr when the association breaks.
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { Asked = 100000, Answered = 200000, Piece = 1000 };

static void fail(const char *what)
{
    fprintf(stderr, "sctp: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct sockaddr_in endpoint(const char *address, const char *port)
{
    struct sockaddr_in end = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };
    if (inet_pton(AF_INET, address, &end.sin_addr) != 1)
        fail(address);
    return end;
}

static void send_zeros(int association, int total)
{
    static const char zeros[Piece];
    for (int sent = 0; sent < total; sent += Piece)
        if (send(association, zeros, Piece, 0) != Piece)
            fail("send");
}

static int receive_until(int association, int total)
{
    char piece[65536];
    int got = 0;
    while (got < total) {
        ssize_t more = recv(association, piece, sizeof piece, 0);
        if (more < 0)
            fail("receive");
        if (more == 0)
            break;
        got += more;
    }
    return got;
}

static void answer(int association, const char *name)
{
    char line[64] = { 0 };
    snprintf(line, sizeof line, "%s %d", name, receive_until(association, Asked));
    if (send(association, line, sizeof line, 0) != sizeof line)
        fail("send");
    send_zeros(association, Answered);
    receive_until(association, 1); // the asker closes
}

static void serve(struct sockaddr_in end, const char *name)
{
    int listener = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
    if (listener < 0 || bind(listener, (void *)&end, sizeof end) < 0 || listen(listener, 16) < 0)
        fail("listen");
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int association = accept(listener, NULL, NULL);
        if (association < 0)
            fail("accept");
        if (fork() == 0) {
            close(listener);
            answer(association, name);
            exit(0);
        }
        close(association);
    }
}

static void ask(struct sockaddr_in own, struct sockaddr_in end, int hold)
{
    int association = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
    char line[65] = { 0 };
    if (association < 0 || bind(association, (void *)&own, sizeof own) < 0)
        fail("bind");
    if (connect(association, (void *)&end, sizeof end) < 0)
        fail("connect");
    send_zeros(association, Asked);
    if (recv(association, line, 64, MSG_WAITALL) != 64)
        fail("receive");
    printf("%s %d\n", line, receive_until(association, Answered));
    fflush(stdout);
    sleep(hold);
}

int main(int count, char **words)
{
    if (count == 5 && strcmp(words[1], "serve") == 0)
        serve(endpoint(words[2], words[3]), words[4]);
    else if (count == 6 && strcmp(words[1], "ask") == 0)
        ask(endpoint(words[2], "0"), endpoint(words[3], words[4]), atoi(words[5]));
    else {
        fputs("sctp serve ADDRESS PORT NAME | sctp ask OWN ADDRESS PORT HOLD\n", stderr);
        return 2;
    }
    return 0;
}
