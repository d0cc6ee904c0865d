#!/bin/bash
# prepare.sh FOLDER : fills FOLDER with a kernel that has IPVS and an initial RAM disk to boot it from.
# What FOLDER already holds stays. Exit status 3 and one sentence on stderr: this machine cannot run the guest, and why.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1

cannot() { echo "$1" >&2; exit 3; }

# Commands the host must have: the guest's root is the host's root, so these are the guest's commands too.
install_commands() {
    local packages=
    while read -r command package; do
        command -v "$command" >/dev/null || packages+=" $package"
    done <<'COMMANDS'
qemu-system-x86_64 qemu-system-x86
ipvsadm ipvsadm
tcpdump tcpdump
tcpreplay tcpreplay
cc gcc libc6-dev
ethtool ethtool
ip iproute2
cpio cpio
modprobe kmod
COMMANDS
    [ -n "$packages" ] || return 0
    command -v apt-get >/dev/null || cannot "missing:$packages; no apt-get to install it with"
    echo "guest: installing$packages"
    # shellcheck disable=SC2086
    apt_get update && apt_get install -y --no-install-recommends $packages \
        || cannot "apt-get cannot install$packages (see $folder/apt.log)"
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" >>"$folder/apt.log" 2>&1; }

# Kernel and busybox are unpacked, not installed: the host boots something else.
unpack_kernel() {
    [ ! -e "$folder/version" ] || return 0
    command -v apt-get >/dev/null || cannot "no apt-get to fetch the kernel with"
    echo "guest: fetching a kernel"
    local version stage=$folder/stage
    apt_get update || cannot "apt-get update failed (see $folder/apt.log)"
    version=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: linux-image-\(.*-amd64\)$/\1/p' | head -1)
    [ -n "$version" ] || cannot "no package linux-image-amd64 to boot"
    rm -rf "$stage" && mkdir -p "$stage"
    (cd "$stage" && apt_get download "linux-image-$version" busybox-static) \
        || cannot "apt-get cannot download linux-image-$version and busybox-static (see $folder/apt.log)"
    for package in "$stage"/*.deb; do
        dpkg -x "$package" "$folder/system"
    done
    rm -rf "$stage"
    depmod -b "$folder/system" "$version" # installing the package would have done this
    echo "$version" >"$folder/version"    # last: says that all is there
}

[ "$(id -u)" = 0 ] || cannot "needs root: the guest reads the whole host file system"
[ "$(uname -m)" = x86_64 ] || cannot "needs an x86-64 host: the guest runs the host's programs"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
install_commands
unpack_kernel
if [ ! "$folder/initrd.gz" -nt "$here/initrd.sh" ]; then
    "$here/initrd.sh" "$folder"
fi
