#!/bin/bash
# daemon.sh OUT DLL : ten requests through IPVS, then through xdplvs with each way of taking frames. Leaves
# OUT/MODE.answers.txt, OUT/MODE.ln.txt (ipvsadm -Ln), OUT/MODE.log and OUT/MODE.status (0: it ran and ended well).
. "$GUEST_SCRIPTS/network.sh"
set -u
out=$1 dll=$2
control=/run/xdplvs.sock
export DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0 # starts faster

run_ipvs() {
    director_up $VIP
    director ipvsadm -A -t $VIP:80 -s rr
    for server in 103 104; do
        director ipvsadm -a -t $VIP:80 -r 192.168.5.$server:80 -g -w 1
    done
    ask 10 >"$out/ipvs.answers.txt"
    director ipvsadm -Ln >"$out/ipvs.ln.txt"
}

has_gone() { ! kill -0 "$daemon" 2>/dev/null; }
is_master() { has_gone || ip -n director -o address show dev eth0 | grep -q "inet $VIP/"; }

# listing FILE: the daemon allows itself 5 s for an answer, which a first one may exceed under emulation.
listing() { director dotnet "$dll" ipvsadm -Ln --control $control >"$1"; }

# run_xdplvs MODE: every step says itself what follows from its failure; set -e does not hold where a status is asked.
run_xdplvs() {
    director_up
    ip netns exec director dotnet "$dll" run -f "$GUEST_SCRIPTS/director.conf" --control $control --io "$1" &
    daemon=$!
    trap 'kill -KILL "$daemon" 2>/dev/null || true' EXIT
    poll 150 is_master || { echo "daemon.sh: not master after 150 s"; return 1; }
    ! has_gone || { echo "daemon.sh: xdplvs ended by itself"; return 1; }
    ask 10 >"$out/$1.answers.txt"
    poll 100 listing "$out/$1.ln.txt" || { echo "daemon.sh: no listing"; return 1; }
    kill "$daemon"
    poll 60 has_gone || { echo "daemon.sh: xdplvs does not end"; return 1; }
    wait "$daemon"
}

run_ipvs
for mode in xdp xdp-generic packet; do
    status=0
    (run_xdplvs $mode) >"$out/$mode.log" 2>&1 || status=$?
    echo "$status" >"$out/$mode.status"
done
