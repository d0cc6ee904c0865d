#!/bin/bash
# listings.sh OUT CASES : loads CASES/rules.txt (ipvsadm -R), makes a few connections, saves what ipvsadm prints in all
# its forms, and what it says to each line of CASES/arguments.txt.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1 cases=$2 VIP6=2001:db8:5::100

# connect ADDRESS PORT SOURCE_PORT...
connect() { ip netns exec client "$GUEST_SCRIPTS/client.sh" "$@"; }

# sctp SOURCE_PORT CHUNK... : one packet for each chunk, of that type and without contents.
sctp() {
    # shellcheck disable=SC2016
    ip netns exec client perl -MSocket -e '
        my ($address, $port, @chunks) = @ARGV;
        socket(my $raw, AF_INET, SOCK_RAW, 132) or die $!;
        foreach (@chunks) {
            my $packet = pack("nnNNCCn", $port, 5060, 1, 0, $_, 0, 4);
            send($raw, $packet, 0, pack_sockaddr_in(0, inet_aton($address))) or die $!;
        }' $VIP "$@"
}

# save NAME ARGUMENT...
save() { director ipvsadm "${@:2}" >"$out/$1.txt"; }

add6() { ip -n "$1" -6 address add "$2" dev "$3" nodad; }

stats() { director ipvsadm -Ln --stats --exact; }
has_settled() {
    local before
    before=$(stats)
    sleep 2.5 # the kernel adds up every two seconds
    [ "$(stats)" = "$before" ]
}

modprobe -a ip_vs_{rr,wrr,lc,wlc,lblc,lblcr,dh,sh,sed,nq,fo,ovf,mh}
director_up $VIP 192.168.5.110
add6 director 2001:db8:5::101/64 eth0
add6 director $VIP6/128 eth0
add6 client 2001:db8:5::1/64 eth0
add6 real103 2001:db8:5::103/64 eth0
add6 real103 $VIP6/128 lo

director ipvsadm -R <"$cases/rules.txt"
save sn -Sn
save rate -Ln --rate # nothing has come yet
connect $VIP 80 50001 50002
connect $VIP 8080 50003 50004 50005
connect 192.168.5.110 80 50006
connect $VIP 53 50007
connect $VIP 514 50008
connect $VIP 123 50009
connect $VIP6 53 50010
connect $VIP6 80 50011
sctp 50012 1 1   # INIT, INIT again
sctp 50013 1 10  # INIT, COOKIE ECHO
sctp 50014 1 10 7 # and SHUTDOWN
save ln -Ln
save lnc -Lnc
save lnc-persistent -Lnc --persistent-conn
save thresholds -Ln --thresholds
save persistent-conn -Ln --persistent-conn
save tun-info -Ln --tun-info
save one -Ln -t $VIP:80
save one-nosort -Ln --nosort --thresholds -t $VIP:8080
save one-v6 -Ln --persistent-conn --tcp-service "[$VIP6]:8080"
poll 30 has_settled
save stats -Ln --stats
save stats-exact -Ln --stats --exact
save stats-one -Ln --stats --rate -u $VIP:53
save timeout -L --timeout
director ipvsadm --set 0 60 0
save timeout-set -L --timeout
director ipvsadm --set 900 120 300
director ipvsadm -Z --tcp-service $VIP:80
save stats-zeroed -Ln --stats

mount --bind "$cases/hosts" /etc/hosts
mount --bind "$cases/services" /etc/services
mount --bind /dev/null /etc/resolv.conf
save names -L
save names-connections -Lc
save names-rules -S
save names-one -L -t "vip:http"
umount /etc/hosts /etc/services /etc/resolv.conf

while read -r line; do
    echo "## $line"
    status=0
    # shellcheck disable=SC2086
    director ipvsadm $line 2>&1 </dev/null || status=$?
    echo "=> $status"
done <"$cases/arguments.txt" >"$out/complaints.txt"

director ipvsadm -C
director ipvsadm -R <"$out/sn.txt"
save sn-again -Sn
{ ipvsadm --version; uname -v; } >"$out/versions.txt"
