#!/bin/bash
# listings.sh OUT RULES : loads RULES (ipvsadm -R), makes a few connections, saves what ipvsadm prints.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1 rules=$2

# connect ADDRESS PORT SOURCE_PORT...
connect() { ip netns exec client "$GUEST_SCRIPTS/client.sh" "$@"; }

has_counted() { director ipvsadm -Ln --stats | awk '$1 == "UDP" { n = $3 } END { exit n != 1 }'; }

director_up $VIP 192.168.5.110
director ipvsadm -R <"$rules"
director ipvsadm -Sn >"$out/sn.txt"
connect $VIP 80 50001 50002
connect $VIP 8080 50003 50004 50005
connect 192.168.5.110 80 50006
connect $VIP 53 50007
director ipvsadm -Ln >"$out/ln.txt"
director ipvsadm -Lnc >"$out/lnc.txt"
director ipvsadm -Ln --thresholds >"$out/thresholds.txt"
director ipvsadm -Ln --persistent-conn >"$out/persistent-conn.txt"
director ipvsadm -L --timeout >"$out/timeout.txt"
poll 15 has_counted # the kernel adds up every two seconds
director ipvsadm -Ln --stats >"$out/stats.txt"
{ ipvsadm --version; uname -v; } >"$out/versions.txt"
