#!/bin/bash
# persistence.sh OUT : six connections of one client to a persistent service, and the connections that it leaves.
. "$GUEST_SCRIPTS/network.sh"
set -eu
director_up $VIP
director ipvsadm -A -t $VIP:80 -s rr -p 50
for server in 103 104; do
    director ipvsadm -a -t $VIP:80 -r 192.168.5.$server:80 -g -w 1
done
ask 6 >"$1/answers.txt"
director ipvsadm -Lnc >"$1/lnc.txt"
