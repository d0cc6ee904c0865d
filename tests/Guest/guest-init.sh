#!/bin/bash
# Process 1 of the guest, started by the initial RAM disk: mounts the rest, runs /xfer/command, reports its exit
# status in /xfer/status and powers off.
. /xfer/boot.env # GUEST_SCRIPTS, GUEST_CACHE
export GUEST_SCRIPTS GUEST_CACHE HOME=/root TERM=dumb
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p /dev/pts /dev/shm /run
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /dev/shm
mount -t bpf bpf /sys/fs/bpf
mkdir -p /run/netns /lib/modules
ln -sfn /proc/self/fd /dev/fd
ln -sfn "$GUEST_CACHE/system/lib/modules/$(uname -r)" "/lib/modules/$(uname -r)"
hostname guest
ip link set lo up
cd /xfer || exit 1
stty -F /dev/ttyS1 raw -echo
bash /xfer/command </dev/null >/dev/ttyS1 2>&1
echo $? >/xfer/status
sync
echo o >/proc/sysrq-trigger
sleep 60
