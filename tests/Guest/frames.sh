#!/bin/bash
# frames.sh OUT : OUT/forwarded.pcap holds, as the director's interface saw them, all frames of one request to the
# virtual address, before and after forwarding. The others hold frames and what the director's kernel answered:
# expired (TTL or hop limit 1), unserved (a service without real servers), midstream (a segment of no connection; a SYN
# to a port without a service), toobig (a route of 1000 octets to the real server); expired6 to toobig6: over IPv6.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1
VIP6=fd00::100 NARROW=192.168.5.104 NARROW6=fd00::104
long=$(printf '%01300d' 0)

# capture FILE FILTER...: begins; the caller goes on when it listens.
capture() {
    ip netns exec director tcpdump -Z root -U -n -i eth0 -w "$1" "${@:2}" 2>"$1.log" &
    tcpdump=$!
    poll 20 grep -q 'listening on' "$1.log"
}

finish() {
    kill $tcpdump # it writes what it has
    wait $tcpdump
}

# captured NAME COUNT COMMAND...: OUT/NAME.pcap holds what passed between client and director while COMMAND ran, until
# the director has answered COUNT times.
captured() {
    local file=$out/$1.pcap count=$2
    shift 2
    has_answers() { [ "$(tcpdump -nr "$file" ether src 02:00:00:00:05:65 2>/dev/null | wc -l)" -ge "$count" ]; }
    capture "$file" ether host 02:00:00:00:05:01 and not arp and \
        not '(icmp6 and ip6[40] >= 133 and ip6[40] <= 137)'
    "$@" || true
    poll 10 has_answers || true
    finish
}

in_client() { ip netns exec client "$@"; }

# say PROTOCOL ADDRESS PORT TEXT: one message, or no more than an attempt at a connection.
say() { in_client bash -c "exec 3<>/dev/$1/$2/$3 && printf %s '$4' >&3" 2>/dev/null; }

# ipv6_up NAME NUMBER: network.sh keeps IPv6 off, so that nothing but the test is on the wire.
ipv6_up() {
    ip netns exec "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 \
        net.ipv6.conf.eth0.disable_ipv6=0 net.ipv6.conf.eth0.accept_ra=0
    ip -n "$1" address add "fd00::$2/64" dev eth0 nodad
}

answering_director_up() {
    director_up $VIP
    ipv6_up director $DIRECTOR
    ip -n director address add $VIP6/128 dev eth0 nodad
    director sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    local address protocol
    for address in $VIP "[$VIP6]"; do
        director ipvsadm -A -t "$address:80" -s rr
        director ipvsadm -A -t "$address:81" -s rr
        director ipvsadm -A -u "$address:80" -s rr
        director ipvsadm -A -u "$address:53" -s rr
        director ipvsadm -A -t "$address:8080" -s rr
    done
    for protocol in -t -u; do
        director ipvsadm -a $protocol $VIP:80 -r 192.168.5.103:80 -g
        director ipvsadm -a $protocol "[$VIP6]:80" -r '[fd00::103]:80' -g
    done
    director ipvsadm -a -t $VIP:8080 -r $NARROW:8080 -g
    director ipvsadm -a -t "[$VIP6]:8080" -r "[$NARROW6]:8080" -g
    ip -n director route add $NARROW dev eth0 mtu 1000
    ip -n director -6 route add $NARROW6 dev eth0 mtu 1300
    poll 10 in_client "$BUSYBOX" ping -6 -c 1 -W 1 $VIP6 >/dev/null # neighbours are known from here on
}

# midstream ADDRESS: a connection whose director is replaced by one that does not know it, and a refused one.
midstream() {
    in_client bash -c "
        exec 3<>/dev/tcp/$1/80
        : >/run/connected
        while [ -e /run/connected ]; do sleep 0.1; done
        printf 'GET / HTTP/1.0\r\n\r\n' >&3" 2>/dev/null &
    local client=$!
    poll 10 test -e /run/connected
    answering_director_up
    captured "$2" 2 midstream_goes_on "$1" $client
}

midstream_goes_on() {
    rm /run/connected
    wait "$2" || true
    say tcp "$1" 22 ''
}

expired() {
    say tcp "$1" 80 ''
    say udp "$1" 80 "$long"
}

unserved() {
    say tcp "$1" 81 ''
    say udp "$1" 53 question
    say udp "$1" 53 "$long"
}

director_up $VIP
director ipvsadm -A -t $VIP:80 -s rr
director ipvsadm -a -t $VIP:80 -r 192.168.5.103:80 -g
ask 1 >/dev/null # neighbours are known from here on

forwarded() { tcpdump -nr "$out/forwarded.pcap" "tcp[tcpflags] & tcp-fin != 0" 2>/dev/null; }
has_forwarded_all() { [ "$(forwarded | wc -l)" -ge 2 ]; }
capture "$out/forwarded.pcap" tcp and dst host $VIP
ask 1 >"$out/answer.txt"
poll 10 has_forwarded_all
finish

ipv6_up client $CLIENT
for server in 103 104; do
    ipv6_up "real$server" $server
    ip -n "real$server" address add $VIP6/128 dev lo nodad
done
answering_director_up
in_client sysctl -qw net.ipv4.ip_default_ttl=1 net.ipv6.conf.eth0.hop_limit=1
captured expired 2 expired $VIP
captured expired6 2 expired $VIP6
in_client sysctl -qw net.ipv4.ip_default_ttl=64 net.ipv6.conf.eth0.hop_limit=64
captured unserved 3 unserved $VIP
captured unserved6 3 unserved $VIP6
captured toobig 1 say tcp $VIP 8080 "$long"
captured toobig6 1 say tcp $VIP6 8080 "$long"
midstream $VIP midstream
midstream $VIP6 midstream6
