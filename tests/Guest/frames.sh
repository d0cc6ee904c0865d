#!/bin/bash
# frames.sh OUT : OUT/forwarded.pcap holds, as the director's interface saw them, all frames of one request to the
# virtual address, before and after forwarding. OUT/expired.pcap: what happens to a SYN that arrives with TTL 1.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1

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

expired() { tcpdump -nr "$out/expired.pcap" icmp 2>/dev/null; }
has_expired() { [ "$(expired | wc -l)" -ge 1 ]; }
capture "$out/expired.pcap" host 192.168.5.$CLIENT and '(tcp or icmp)'
ip netns exec client sysctl -qw net.ipv4.ip_default_ttl=1
ask 1 >"$out/expired.txt"
ip netns exec client sysctl -qw net.ipv4.ip_default_ttl=64
poll 10 has_expired || true
finish
