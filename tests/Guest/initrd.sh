#!/bin/bash
# initrd.sh FOLDER : writes FOLDER/initrd.gz, which mounts the host's root (9p, read-only) under a tmpfs overlay,
# a folder to exchange files on /xfer, and goes on with tests/Guest/guest-init.sh as process 1.
set -eu
folder=$(cd "$1" && pwd)
version=$(cat "$folder/version")
modules=$folder/system/lib/modules/$version
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# The modules that lead to the root and all they depend on, dependencies first.
modules_in_load_order() {
    modprobe -d "$folder/system" -S "$version" --show-depends -a virtio_pci 9pnet_virtio 9p overlay virtio_rng \
        | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

mkdir -p "$stage"/{bin,proc,sys,dev,lower,overlay,new,modules}
cp "$folder/system/bin/busybox" "$stage/bin/"
for module in $(modules_in_load_order); do
    [ "${module#"$modules"}" != "$module" ] || { echo "initrd: $module is not in $modules" >&2; exit 1; }
    cp "$module" "$stage/modules/"
    basename "$module" >>"$stage/modules/order"
done

cat >"$stage/init" <<'INIT'
#!/bin/busybox sh
B=/bin/busybox
fail() { echo "initrd: $1"; $B poweroff -f; }
$B mount -t proc proc /proc
$B mount -t sysfs sys /sys
$B mount -t devtmpfs dev /dev
for module in $($B cat /modules/order); do
    $B insmod "/modules/$module" || fail "insmod $module failed"
done
P=trans=virtio,version=9p2000.L,msize=512000,access=any
$B mount -t 9p -o "ro,cache=loose,$P" hostroot /lower || fail "no host root over 9p"
$B mount -t tmpfs -o size=70% tmpfs /overlay
$B mkdir -p /overlay/upper /overlay/work
$B mount -t overlay -o lowerdir=/lower,upperdir=/overlay/upper,workdir=/overlay/work overlay /new || fail "no overlay"
$B mkdir -p /new/xfer
$B mount -t 9p -o "rw,cache=none,$P" xfer /new/xfer || fail "no exchange folder over 9p"
for folder in proc sys dev; do
    $B mount --move "/$folder" "/new/$folder"
done
. /new/xfer/boot.env
exec $B switch_root /new /bin/bash "$GUEST_SCRIPTS/guest-init.sh"
INIT
chmod +x "$stage/init"
(cd "$stage" && find . | cpio -o -H newc --quiet | gzip -1) >"$folder/initrd.gz"
