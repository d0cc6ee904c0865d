#!/bin/bash
# boot.sh [-t SECONDS] FOLDER EXCHANGE COMMAND... : boots the kernel that prepare.sh put into FOLDER, runs COMMAND in
# it (bash, as root, over the host's root read-only), prints its output and exits with its status.
# EXCHANGE is /xfer in the guest, read and write. Status 125: the guest itself failed; see EXCHANGE/console.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
seconds=300
while getopts t: option; do
    case $option in t) seconds=$OPTARG ;; *) exit 2 ;; esac
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
    -M q35 -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -m 2048
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
