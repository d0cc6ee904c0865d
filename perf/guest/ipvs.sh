#!/bin/bash
# ipvs.sh OUT XDPLVS BURST XDP FLOOD WINDOWS : in the guest under icount, with three NICs on one hub: what a frame costs
# that kernel IPVS forwards, or XdpLvs, or others, on the same machine in the same boot. The upper-case words behind OUT
# are programs, and a number.
# OUT/NAME.txt has burst's lines for each measurement; OUT/progress the names of those that are done.
# Each way of forwarding is also shown to deliver: OUT/delivered.txt has a line "NAME FRAMES-SENT FRAMES-DELIVERED".
set -eu
out=$1 xdplvs=$2 burst=$3 xdp=$4 flood=$5 windows=$6
generator_mac=02:00:00:00:00:0a director_mac=02:00:00:00:00:0d sink_mac=02:aa:bb:cc:dd:02
real_mac=02:aa:bb:cc:dd:01 # nobody's while it is measured: the frame is on the cable, and nobody pays for it
nobody_mac=02:00:00:00:00:99
many=65536

inside() { nsenter --net="/run/netns/$1" "${@:2}"; }
say() { echo "$1" >>"$out/progress"; }

# nic MAC NAMESPACE : the NIC with that address goes there and is called eth there.
nic() {
    local name
    name=$(ip -br link | awk -v mac="$1" '$3 == mac { print $1 }')
    ip netns add "$2"
    ip link set "$name" netns "$2" name eth
    inside "$2" sysctl -qw net.ipv6.conf.eth.accept_ra=0 net.ipv6.conf.eth.accept_dad=0 \
        net.ipv6.conf.eth.router_solicitations=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth.rp_filter=0
    ip -n "$2" link set eth arp off
    ip -n "$2" link set lo up
    ip -n "$2" link set eth up
}

director() {
    inside director sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
        net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth.send_redirects=0
    inside director ethtool -K eth gro off
    ip -n director address add 192.168.10.2/24 dev eth
    ip -n director address add fd00:10::2/64 dev eth nodad
    ip -n director route add default via 192.168.10.11 dev eth
    ip -n director route add default via fd00:10::11 dev eth
    for number in 11 12 13 14; do
        ip -n director neighbour add "192.168.10.$number" lladdr "$real_mac" dev eth nud permanent
        ip -n director neighbour add "fd00:10::$number" lladdr "$real_mac" dev eth nud permanent
    done
}

vips() { # add|delete
    ip -n director address "$1" 192.168.10.1/24 dev eth
    ip -n director address "$1" fd00:10::1/64 dev eth nodad
}

# measure NAME TARGET-MAC ADDRESS PROTOCOL FLOWS
measure() {
    sleep 5 # what was started comes to rest; the clock of an idle guest costs nothing
    inside generator "$burst" eth "$2" "$3" 80 "$4" "$5" "$windows" >"$out/$1.txt"
    say "$1"
}

# deliver NAME ADDRESS PROTOCOL : the sink is the real server for a moment.
deliver() {
    local before sent
    ip -n sink link set eth address "$real_mac"
    sleep 1
    before=$(received)
    sent=$(inside generator "$burst" eth "$director_mac" "$2" 80 "$3" 64 0 | sed -n 's/^sent //p')
    sleep 1
    echo "$1 $sent $(($(received) - before))" >>"$out/delivered.txt"
    ip -n sink link set eth address "$sink_mac"
}
received() { ip netns exec sink cat /sys/class/net/eth/statistics/rx_packets; }

# everything WAY : both families and protocols, one flow and many.
everything() {
    for protocol in udp tcp; do
        for flows in 1 "$many"; do
            measure "$1-4-$protocol-$flows" "$director_mac" 192.168.10.1 "$protocol" "$flows"
            measure "$1-6-$protocol-$flows" "$director_mac" fd00:10::1 "$protocol" "$flows"
        done
    done
    deliver "$1-4-udp" 192.168.10.1 udp
    deliver "$1-6-udp" fd00:10::1 udp
}

kernel_ipvs() {
    vips add
    for protocol in t u; do
        for vip in 192.168.10.1 '[fd00:10::1]'; do
            inside director ipvsadm -A "-$protocol" "$vip:80" -s rr
            for number in 11 12 13 14; do
                real=${vip%1*}$number
                [ "${vip#[}" = "$vip" ] || real="[fd00:10::$number]"
                inside director ipvsadm -a "-$protocol" "$vip:80" -r "$real:80" -g
            done
        done
    done
    everything ipvs
    inside director ipvsadm -Ln --stats >"$out/ipvsadm.txt"
    inside director ipvsadm -C
    vips delete
}

# with_xdp NAME WORDS... : the smallest programs.
with_xdp() {
    nsenter --net=/run/netns/director "$xdp" eth "${@:2}" >"$out/xdp.log" & # not inside: $! would be a shell
    local process=$!
    until grep -q attached "$out/xdp.log"; do sleep 0.1; done
    measure "$1" "$director_mac" 192.168.10.1 udp 1
    [ "$1" = drop ] || deliver "$1" 192.168.10.1 udp
    kill "$process"
    wait "$process" || true
}

service() { # ADDRESS PROTOCOL REAL-PREFIX REAL...
    echo "virtual_server $1 80 {"
    echo "    lb_algo rr"
    echo "    lb_kind DR"
    echo "    protocol $2"
    for number in "${@:4}"; do
        echo "    real_server $3$number 80 {"
        echo "        weight 1"
        echo "    }"
    done
    echo "}"
}

# with_xdplvs NAME WORDS... : the daemon with these options.
with_xdplvs() {
    vips add
    local control=/run/xdplvs-$1.sock
    nsenter --net=/run/netns/director "$xdplvs" run -f /tmp/xdplvs.conf --control "$control" "${@:2}" \
        >"$out/$1.log" 2>&1 &
    local process=$!
    until grep -q Started "$out/$1.log"; do
        kill -0 "$process" || { cat "$out/$1.log"; exit 1; }
        sleep 0.5
    done
    everything "$1"
    inside director "$xdplvs" counters --control "$control" >"$out/$1-counters.txt"
    kill "$process"
    wait "$process" || true
    vips delete
}

# The second measurement: frames that the kernel itself makes come by a veth, without a NIC's work on either side. Each
# way has a cable of its own. OUT/veth.txt has a line "NAME FRAMES-SENT FRAMES-DELIVERED SHORT-CALL LONG-CALL", the last
# two in instructions for calls of short and long frames: what a call costs by itself cancels.
short=8192 long=270336

# lane NAME : namespaces NAME-s and NAME-d with a cable; frames to the real server's address end at its NAME-s end.
lane() {
    ip netns add "$1-s"
    ip netns add "$1-d"
    ip -n "$1-s" link add g0 type veth peer name d0 address "$director_mac" netns "$1-d"
    for end in "$1-s g0" "$1-d d0"; do
        # shellcheck disable=SC2086
        set -- "$1" $end
        inside "$2" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.ip_forward=1 \
            net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
        ip -n "$2" link set lo up
        ip -n "$2" link set "$3" up
    done
    ip -n "$1-d" address add 192.168.10.2/24 dev d0
    ip -n "$1-d" address add 192.168.10.1/24 dev d0
    ip -n "$1-d" neighbour add 192.168.10.11 lladdr "$real_mac" dev d0 nud permanent
}

# slope NAME COUNTED-NAMESPACE COUNTED-CARD : the generator has the lowest priority, so a forwarder always comes first.
slope() {
    local before calls
    before=$(packets "$2" "$3")
    calls=$(printf '1 %s\n' 128 "$short" "$short" "$long" | inside "$1-s" chrt --idle 0 "$flood" g0 "$director_mac" \
        192.168.10.1 80 | awk '/^sent/ { sent += $2; wall[++n] = $3 } END { print sent, wall[3], wall[4] }')
    sleep 1
    # shellcheck disable=SC2086
    set -- "$1" $(($(packets "$2" "$3") - before)) $calls
    echo "$1 $3 $2 $4 $5" >>"$out/veth.txt"
    say "veth-$1"
}
packets() { ip netns exec "$1" cat "/sys/class/net/$2/statistics/rx_packets"; }

# attached NAMESPACE WORDS... : one of the smallest programs, until the guest ends.
attached() {
    nsenter --net="/run/netns/$1" "$xdp" "${@:2}" >"$out/xdp-$1.log" &
    until grep -q attached "$out/xdp-$1.log"; do sleep 0.1; done
}

by_veth() {
    for name in alone ipvs offload af_xdp; do lane "$name"; done
    attached alone-d d0 drop
    slope alone alone-d d0

    inside ipvs-d ethtool -K d0 gro on # without a program, only such a veth takes the generator's frames
    inside ipvs-d ipvsadm -A -u 192.168.10.1:80 -s rr
    inside ipvs-d ipvsadm -a -u 192.168.10.1:80 -r 192.168.10.11:80 -g
    slope ipvs ipvs-s g0

    {
        printf 'global_defs {\n    new_flows_per_second 0\n}\n'
        service 192.168.10.1 UDP 192.168.10. 11
    } >/tmp/veth.conf
    attached offload-s g0 drop
    for name in offload af_xdp; do
        local options=(--offload on)
        [ "$name" = offload ] || options=(--offload off --io xdp)
        nsenter --net="/run/netns/$name-d" "$xdplvs" run -f /tmp/veth.conf --control "/run/veth-$name.sock" \
            "${options[@]}" >"$out/veth-$name.log" 2>&1 &
        until grep -q Started "$out/veth-$name.log"; do
            kill -0 $! || { cat "$out/veth-$name.log"; exit 1; }
            sleep 0.5
        done
        sleep 5
        slope "$name" "$name-s" g0
        kill $!
        wait $! || true
    done
}

mkdir -p "$out"
modprobe ip_vs conn_tab_bits=20
modprobe -a ip_vs_rr virtio_net
nic "$generator_mac" generator
nic "$director_mac" director
nic "$sink_mac" sink
director
{
    printf 'global_defs {\n    new_flows_per_second 0\n}\n'
    for protocol in TCP UDP; do
        service 192.168.10.1 "$protocol" 192.168.10. 11 12 13 14
        service fd00:10::1 "$protocol" fd00:10:: 11 12 13 14
    done
} >/tmp/xdplvs.conf

measure generator-first "$nobody_mac" 192.168.10.1 udp 1
with_xdp drop drop
measure route-4 "$director_mac" 10.9.0.1 udp 1
measure route-6 "$director_mac" fd00:9::1 udp 1
kernel_ipvs
with_xdp tx tx "$real_mac"
with_xdplvs offload --offload on
with_xdplvs af_xdp --offload off --io xdp
with_xdplvs af_packet --io packet
measure generator-last "$nobody_mac" 192.168.10.1 udp 1
by_veth
