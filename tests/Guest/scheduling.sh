#!/bin/bash
# scheduling.sh OUT PLAN : who serves which connection. PLAN has one step on a line:
#   case NAME SCHEDULER | add SERVER WEIGHT | edit SERVER WEIGHT | remove SERVER | connect N
# Leaves OUT/NAME.txt, one server number for each connection.
. "$GUEST_SCRIPTS/network.sh"
set -eu
out=$1 plan=$2 answers=

change() { director ipvsadm "$1" -t $VIP:80 -r "192.168.5.$2:80" "${@:3}"; }

director_up $VIP
while read -r verb first second; do
    case $verb in
        case)
            director ipvsadm -C
            director ipvsadm -A -t $VIP:80 -s "$second"
            answers=$out/$first.txt
            : >"$answers"
            ;;
        add) change -a "$first" -g -w "$second" ;;
        edit) change -e "$first" -g -w "$second" ;;
        remove) change -d "$first" ;;
        connect) ask "$first" >>"$answers" ;;
        *) echo "scheduling: no step is called $verb" >&2; exit 2 ;;
    esac
done <"$plan"
