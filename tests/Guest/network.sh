# network.sh : to be sourced. One segment: a client, a director, four real servers, each a network namespace.
# Station N has the address 192.168.5.N and the MAC address 02:00:00:00:05:N (in hexadecimal).
VIP=192.168.5.100
BUSYBOX=$GUEST_CACHE/system/bin/busybox
CLIENT=1 DIRECTOR=101 SERVERS="103 104 105 106"

# network_up: the segment with the client and the real servers. The director comes and goes by itself.
network_up() {
    sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip link add lan type bridge forward_delay 0
    ip link set lan up
    join client $CLIENT
    ip netns exec client sysctl -qw net.ipv4.tcp_syn_retries=1 # 3 s, should a connection ever fail
    for server in $SERVERS; do
        join "real$server" "$server"
        real_server "$server"
    done
}

# join NAME NUMBER
join() {
    ip netns add "$1"
    ip link add "port$2" type veth peer name eth0 address "$(printf '02:00:00:00:05:%02x' "$2")" netns "$1"
    ip link set "port$2" master lan up
    ip -n "$1" link set lo up
    ip -n "$1" link set eth0 up
    ip -n "$1" address add "192.168.5.$2/24" dev eth0
}

# real_server NUMBER: holds the virtual addresses without telling anybody, and answers HTTP with its number.
real_server() {
    local root=/run/www/$1
    mkdir -p "$root"
    echo "$1" >"$root/index.html"
    # shellcheck disable=SC2016
    ip netns exec "real$1" bash -ec '
        sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
        ip address add 192.168.5.100/32 dev lo
        ip address add 192.168.5.110/32 dev lo
        for port in 80 8080; do "$1" httpd -p $port -h "$2"; done' - "$BUSYBOX" "$root"
}

# director_up [ADDRESS...]: a new director, so without connections, services or memories, with these addresses.
director_up() {
    ip link delete "port$DIRECTOR" 2>/dev/null || true
    ip netns delete director 2>/dev/null || true
    join director $DIRECTOR
    for address in "$@"; do
        ip -n director address add "$address/32" dev eth0
    done
    # A client that remembers another director's MAC address would need a while to ask again; all have the same.
}

director() { ip netns exec director "$@"; }

# ask N: N connections from the client, one after another; prints one line each: who answered.
ask() {
    local any
    printf -v any "%0.s0 " $(seq "$1")
    # shellcheck disable=SC2086
    ip netns exec client "$GUEST_SCRIPTS/client.sh" $VIP 80 $any
}

# poll SECONDS COMMAND...: until COMMAND succeeds; fails when it never does.
poll() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.2
    done
}
