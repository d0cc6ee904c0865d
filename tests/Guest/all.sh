#!/bin/bash
# all.sh OUT INPUT [DLL] : every scenario, in the guest. Each has a folder OUT/NAME with its results, its log and its
# exit status; one that fails does not stop the others. GUEST_ONLY names one that runs alone. INPUT holds the folders
# ipvs, which is tests/Cases/ipvs, and scheduling; DLL is xdplvs.dll, if any.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1 input=$2
seconds_max=360 # busy machines emulate slowly; alone, the longest takes less than two minutes

# scenario NAME ARGUMENT...
scenario() {
    [ "${GUEST_ONLY:-$1}" = "$1" ] || return 0
    local begun=$SECONDS status=0
    export FIRST_PORT=$((${FIRST_PORT:-19001} + 1000)) # real servers remember ports as well
    mkdir -p "$out/$1"
    timeout "$seconds_max" "$GUEST_SCRIPTS/$1.sh" "$out/$1" "${@:2}" >"$out/$1/log" 2>&1 || status=$?
    echo "$status" >"$out/$1/status"
    echo "guest: $1: exit status $status after $((SECONDS - begun)) s"
}

modprobe -a ip_vs ip_vs_rr ip_vs_wrr
network_up
echo "guest: network after $SECONDS s"
scenario listings "$input/ipvs"
scenario scheduling "$input/scheduling"
scenario frames
scenario persistence
if [ -n "${3:-}" ]; then
    scenario daemon "$3"
    scenario attach "$3"
fi
