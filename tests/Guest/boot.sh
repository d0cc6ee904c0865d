#!/bin/bash
# boot.sh [-t SECONDS] [-n] FOLDER EXCHANGE COMMAND... : boots the kernel that prepare.sh put into FOLDER, runs COMMAND in
# it (bash, as root, over the host's root read-only), prints its output and exits with its status.
# EXCHANGE is /xfer in the guest, read and write. -n: to count instructions: one processor, a nanosecond of whose clock is
# one instruction, and three NICs on one hub, for perf/guest. Status 125: the guest itself failed; see EXCHANGE/console.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=300 counting=
while getopts t:n option; do
    case $option in t) seconds=$OPTARG ;; n) counting=1 ;; *) exit 2 ;; esac
done
shift $((OPTIND - 1))
folder=$(cd "$1" && pwd)
mkdir -p "$2"
exchange=$(cd "$2" && pwd)
shift 2
version=$(cat "$folder/version")

rm -f "$exchange/status"
printf '%s\n' "$*" >"$exchange/command"
printf 'GUEST_SCRIPTS=%q\nGUEST_CACHE=%q\n' "$here" "$folder" >"$exchange/boot.env"

# Emulation, not KVM: it works wherever a process may run. The masked CPU features are string instructions whose
# every repetition costs the emulator a step; init_on_alloc=0 for the same reason.
arguments=(
    -M q35 -cpu max -m 2048
    -nographic -no-reboot -nodefaults -monitor none -display none
    -kernel "$folder/system/boot/vmlinuz-$version" -initrd "$folder/initrd.gz"
    -append "console=ttyS0 quiet panic=-1 init_on_alloc=0 clearcpuid=112,297,580 mitigations=off nokaslr audit=0
        selinux=0 apparmor=0 tsc=reliable no_timer_check nowatchdog random.trust_cpu=on"
    -serial "file:$exchange/console" -serial stdio
    -device virtio-rng-pci
    -fsdev "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"
    -device "virtio-9p-pci,fsdev=root,mount_tag=hostroot"
    -fsdev "local,id=xfer,path=$exchange,security_model=none"
    -device "virtio-9p-pci,fsdev=xfer,mount_tag=xfer"
)
if [ -z "$counting" ]; then
    arguments+=(-accel tcg,thread=multi,tb-size=512 -smp 2)
else
    arguments+=(-accel tcg,thread=single,tb-size=512 -smp 1 -icount shift=0,sleep=off)
    number=0
    for mac in 02:00:00:00:00:0a 02:00:00:00:00:0d 02:aa:bb:cc:dd:02; do
        number=$((number + 1))
        # Sent when the guest's clock says so, not when the host comes to it: only so do the counts repeat. No offload is
        # offered: it would give the kernel's way work to do that is not forwarding.
        nic=virtio-net-pci,netdev=hub$number,mac=$mac,romfile=,tx=timer,x-txtimer=400000
        nic+=,rx_queue_size=1024,tx_queue_size=256,mrg_rxbuf=off,csum=off,gso=off,guest_csum=off
        nic+=,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off
        nic+=,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off
        arguments+=(-netdev "hubport,id=hub$number,hubid=0" -device "$nic")
    done
fi
qemu=0
timeout --foreground -k 5 "$seconds" qemu-system-x86_64 "${arguments[@]}" </dev/null || qemu=$?
if [ -f "$exchange/status" ]; then
    exit "$(cat "$exchange/status")"
fi
if [ "$qemu" = 124 ]; then
    echo "boot: the guest had not finished after $seconds s; see $exchange/console" >&2
else
    echo "boot: the guest gave no exit status (qemu: $qemu); see $exchange/console" >&2
fi
exit 125
