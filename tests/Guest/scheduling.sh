#!/bin/bash
# scheduling.sh OUT STEPS : where kernel IPVS sends each frame of a plan. STEPS has two files for each step: NNN.rules,
# which ipvsadm -R reads, and NNN.pcap, the frames that clients send after it. Leaves OUT/forwarded.pcap: the first
# octets of every frame that was passed on, in their order.
#
# All of it is one namespace with a cable between two NICs: clients' frames go in at "clients", arrive at eth0, and what
# the director passes on leaves there too and comes back to "clients", where nobody takes it but tcpdump. Real servers
# need not be there: a director with direct routing sees nothing of them but their MAC addresses.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1 steps=$2
record=/run/forwarded.pcap # in memory, for the exchange folder is slow

if [ "${3:-}" != inside ]; then
    modprobe -a ip_vs_{rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh}
    sysctl -qw net.core.netdev_max_backlog=100000
    ip netns add schedulers
    exec ip netns exec schedulers "$0" "$out" "$steps" inside
fi

station() { printf '02:00:00:00:05:%02x' "$1"; }

# The addresses of clients and services are many, so they are routes.
cable_up() {
    sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 \
        net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    ip link add eth0 address "$(station $DIRECTOR)" type veth peer name clients address "$(station $CLIENT)"
    ip link set lo up
    ip link set clients up arp off
    ip link set eth0 up
    ip address add 192.168.5.$DIRECTOR/24 dev eth0
    ip address add 2001:db8:5::$DIRECTOR/64 dev eth0
    for host in $CLIENT $(seq 103 110); do
        ip neighbour add "192.168.5.$host" lladdr "$(station "$host")" dev eth0
        ip neighbour add "$(printf '2001:db8:5::%x' "$host")" lladdr "$(station "$host")" dev eth0
    done
    ip route add default via 192.168.5.$CLIENT
    ip route add default via 2001:db8:5::$CLIENT
    ip route add local 198.18.0.0/16 dev lo
    ip route add local 2001:db8:100::/48 dev lo
}

# Nothing waits between the two NICs: the twelfth number of each processor's line.
is_delivered() {
    local line numbers
    while read -r line; do
        read -ra numbers <<<"$line"
        [ "${numbers[11]}" = 00000000 ] || return 1
    done </proc/net/softnet_stat
}

has_ended() { tail -c 200 $record | grep -qa 'the end of the plan'; }

cable_up
tcpdump -Z root -U -n -i clients -s 96 -B 65536 -w $record \
    ether src "$(station $DIRECTOR)" and '(dst net 198.18.0.0/16 or dst net 2001:db8:100::/48)' 2>"$out/tcpdump.log" &
tcpdump=$!
poll 20 grep -q 'listening on' "$out/tcpdump.log"
ipvsadm --set 3600 3600 3600 # nothing expires while the plan runs
for rules in "$steps"/*.rules; do
    ipvsadm -R <"$rules"
    taskset -c 0 tcpreplay -q --topspeed -i clients "${rules%rules}pcap" >>"$out/replay.log" 2>&1
    poll 10 is_delivered
done
poll 30 has_ended
kill $tcpdump
wait $tcpdump
cp $record "$out/forwarded.pcap"
ipvsadm -Ln >"$out/listing.txt"
