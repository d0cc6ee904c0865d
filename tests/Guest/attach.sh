#!/bin/bash
# attach.sh OUT DLL : xdplvs on interfaces that the development kernel does not have: a bond, a VLAN on a card and a VLAN
# on that bond, all in one daemon. Three requests to each; on the bond also after its active port has lost its cable.
# Leaves OUT/NAME.answers.txt, OUT/daemon.log, OUT/counters.txt, OUT/port.log (the start that is refused).
. "$GUEST_SCRIPTS/network.sh"
set -u
out=$1 dll=$2
sctp_servers=()
control=/run/xdplvs.sock
export DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0 # starts faster

# segment SUBNET: the client and two real servers, with a virtual address, on 192.168.SUBNET.0/24 as well.
segment() {
    ip -n client address add "192.168.$1.1/24" dev eth0
    for server in 103 104; do
        ip -n "real$server" address add "192.168.$1.$server/24" dev eth0
        ip -n "real$server" address add "192.168.$1.100/32" dev lo
    done
}

# cable PORT TAG: an end in the bridge, the other in the director; with a tag, the bridge takes and gives tagged frames.
cable() {
    ip link add "$1" type veth peer name "eth${1#port}" netns director
    ip link set "$1" up
    ip -n director link set "eth${1#port}" up
}

tagged() {
    ip link add link "$1" name "$1.$2" type vlan id "$2"
    ip link set "$1.$2" master lan up
}

director_with_layers() {
    ip link delete "port$DIRECTOR" 2>/dev/null || true
    ip netns delete director 2>/dev/null || true
    ip netns add director
    ip -n director link set lo up
    director sysctl -qw net.ipv4.conf.all.arp_ignore=1 # all three are on one segment: each answers for its own only
    for number in 201 202 203; do
        cable "port$number"
    done
    ip link set port201 master lan
    ip link set port202 master lan
    tagged port201 20 # above a port of the bridge, so it gets its frames first
    tagged port202 20
    tagged port203 10
    ip -n director link add bond0 type bond mode active-backup miimon 50
    for port in eth201 eth202; do
        ip -n director link set "$port" down
        ip -n director link set "$port" master bond0
    done
    # One bridge learns the stations of all VLANs: with the bond's own MAC address, bond0.20 would take its frames away.
    ip -n director link add link bond0 name bond0.20 address 02:00:00:00:05:20 type vlan id 20
    ip -n director link add link eth203 name eth203.10 type vlan id 10
    address bond0 5
    address eth203.10 6
    address bond0.20 7
}

address() {
    ip -n director link set "$1" up
    ip -n director address add "192.168.$2.101/24" dev "$1"
}

# service INTERFACE SUBNET
service() {
    cat <<CONFIG
vrrp_instance on_$2 {
    state MASTER
    interface $1
    virtual_router_id $2
    priority 100
    advert_int 1
    virtual_ipaddress {
        192.168.$2.100
    }
}

virtual_server 192.168.$2.100 80 {
    lb_algo rr
    lb_kind DR
    protocol TCP
    real_server 192.168.$2.103 80 {
        weight 1
    }
    real_server 192.168.$2.104 80 {
        weight 1
    }
}
CONFIG
}

# signalling SUBNET : an SCTP service of the same real servers.
signalling() {
    service - "$1" | sed -n '/^virtual_server/,$p' | sed 's/ 80 {/ 2905 {/; s/protocol TCP/protocol SCTP/'
}

# sctp_ask HOLD: one association; a line "SERVER OCTETS-THERE OCTETS-BACK" in OUT/sctp.answers.txt.
sctp_ask() {
    ip netns exec client /tmp/sctp ask 192.168.6.1 192.168.6.100 2905 "$1" \
        >>"$out/sctp.answers.txt" 2>>"$out/sctp.log" || true
}

listens() { ip netns exec "real$1" grep -qw 2905 /proc/net/sctp/eps; }

connections() {
    director dotnet "$dll" ipvsadm -Lnc --control $control >"$out/connections.txt" \
        && grep -q '^SCTP' "$out/connections.txt"
}

has_gone() { ! kill -0 "$daemon" 2>/dev/null; }
holds() { ip -n director -o address show | grep -q "inet 192.168.$1.100/"; }
is_master() { has_gone || { holds 5 && holds 6 && holds 7; }; }
is_forwarding() { [ "$(ask 1)" != none ]; }
counters() { director dotnet "$dll" counters --control $control >"$out/counters.txt"; }

modprobe -a bonding 8021q sctp || exit 1
ip netns exec client ethtool -K eth0 tx-sctp-segmentation off # no frame longer than the MTU comes over a real cable
for subnet in 6 7; do
    segment "$subnet"
done
director_with_layers

# The VLAN on the bond comes before the bond itself: the daemon has to see to the order.
{ service bond0.20 7; service bond0 5; service eth203.10 6; signalling 6; } >"$out/layers.conf"
ip netns exec director dotnet "$dll" run -f "$out/layers.conf" --control $control >"$out/daemon.log" 2>&1 &
daemon=$!
trap 'kill -KILL "$daemon" 2>/dev/null || true' EXIT
poll 200 is_master || { echo "attach.sh: not master after 200 s"; exit 1; }
! has_gone || { echo "attach.sh: xdplvs ended by itself"; cat "$out/daemon.log"; exit 1; }
for name in bond:5 vlan:6 vlan-on-bond:7; do
    VIP=192.168.${name#*:}.100
    ask 4 >"$out/${name%:*}.answers.txt"
    next_port=$((next_port + 100))
done
cc -O1 -o /tmp/sctp "$GUEST_SCRIPTS/sctp.c" || exit 1
for server in 103 104; do
    ip netns exec "real$server" /tmp/sctp serve 192.168.6.100 2905 "$server" 2>>"$out/sctp.log" &
    sctp_servers+=($!)
    poll 10 listens "$server" || exit 1
done
for turn in 1 2 3; do
    sctp_ask 0
done
sctp_ask 8 &
poll 20 connections || echo "attach.sh: no association is listed"
wait $!
kill "${sctp_servers[@]}"

ip link set port201 down # the active one
VIP=192.168.5.100
poll 30 is_forwarding
ask 4 >"$out/bond-other-port.answers.txt"
poll 100 counters || echo "attach.sh: no counters"
kill "$daemon"
poll 60 has_gone || { echo "attach.sh: xdplvs does not end"; exit 1; }
wait "$daemon" || { echo "attach.sh: xdplvs ended with status $?"; exit 1; }
trap - EXIT

service eth202 5 >"$out/port.conf"
director dotnet "$dll" run -f "$out/port.conf" --control $control >"$out/port.log" 2>&1
echo $? >"$out/port.status"
