//! What file system a folder lies on, and whether it is still the same folder.
//!
//! Asked by `statfs` and `statx`, not of `/proc/self/mountinfo`: a service with `ProcSubset=pid` may not have it, and
//! the question is about one folder.

use std::io;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, StatxFlags};

/// Magic numbers of file systems whose content other machines or programs change without events on this one, from
/// statfs(2) and the kernel's `magic.h`.
const NETWORK_MAGIC: [(u64, &str); 13] = [
    (0x6969, "nfs"),
    (0x517b, "smb"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb3"),
    (0x6573_5546, "fuse"),
    (0x0102_1997, "9p"),
    (0x00c3_6400, "ceph"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "kafs"),
    (0x7375_7245, "coda"),
    (0x564c, "ncp"),
    (0x786f_4256, "vboxsf"),
    (0x0bd0_0bd0, "lustre"),
];

/// Which folder it is: the device and inode of it, and the mount it was reached through. The last tells apart a file
/// system that was unmounted and mounted again: its root is the same inode, but every watch on it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identity {
    /// Device number.
    pub(crate) device: u64,
    /// Inode number.
    pub(crate) inode: u64,
    /// Mount number. From Linux 6.8 on it is never used twice; before, the next mount may get the same, and before 5.8
    /// it is 0. There, only the next reconcile sets the watches anew.
    pub(crate) mount: u64,
}

/// What stands at the path of a drop folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Which folder or file.
    pub(crate) identity: Identity,
    /// Whether it is a folder.
    pub(crate) is_folder: bool,
    /// Whether a file system is mounted exactly here.
    pub(crate) is_mount: bool,
}

/// What stands at `path` now; symbolic links in the path of a drop folder itself are followed.
pub(crate) fn standing(path: &Path) -> io::Result<Standing> {
    let (identity, is_folder) = identity_of(path)?;
    let is_mount = match path.parent() {
        Some(parent) => identity_of(parent).is_ok_and(|(above, _)| {
            (above.device, above.mount) != (identity.device, identity.mount)
        }),
        None => true,
    };
    Ok(Standing {
        identity,
        is_folder,
        is_mount,
    })
}

/// `STATX_MNT_ID_UNIQUE` of the kernel's `stat.h`; older kernels ignore it and heed `MNT_ID`.
const MOUNT_UNIQUE: StatxFlags = StatxFlags::from_bits_retain(0x4000);

fn identity_of(path: &Path) -> io::Result<(Identity, bool)> {
    let wanted = StatxFlags::TYPE | StatxFlags::INO | StatxFlags::MNT_ID | MOUNT_UNIQUE;
    let stat = rustix::fs::statx(CWD, path, AtFlags::empty(), wanted)?;
    let identity = Identity {
        device: rustix::fs::makedev(stat.stx_dev_major, stat.stx_dev_minor),
        inode: stat.stx_ino,
        mount: stat.stx_mnt_id,
    };
    let is_folder = FileType::from_raw_mode(u32::from(stat.stx_mode)) == FileType::Directory;
    Ok((identity, is_folder))
}

/// The kind of network (or user-space) file system `path` lies on, or nothing if it is a local one.
pub(crate) fn network_kind(path: &Path) -> io::Result<Option<&'static str>> {
    let stat = rustix::fs::statfs(path)?;
    Ok(kind_of_magic(stat.f_type.cast_unsigned()))
}

fn kind_of_magic(magic: u64) -> Option<&'static str> {
    // On some machines the field is a signed 32 bit number that was extended.
    let magic = magic & 0xffff_ffff;
    NETWORK_MAGIC
        .iter()
        .find(|(known, _)| *known == magic)
        .map(|(_, kind)| *kind)
}

/// Whether `path` lies on a network (or user-space) file system, where neither events nor leases can be relied on.
pub fn is_network(path: &Path) -> io::Result<bool> {
    network_kind(path).map(|kind| kind.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_told_by_their_magic_number() {
        assert_eq!(kind_of_magic(0x6969), Some("nfs"));
        assert_eq!(kind_of_magic(0xffff_ffff_ff53_4d42), Some("cifs"));
        assert_eq!(kind_of_magic(0xef53), None, "ext4");
    }

    #[test]
    fn a_local_folder_has_an_identity_and_is_no_network() {
        let folder = tempfile::tempdir().unwrap();
        let standing = standing(folder.path()).unwrap();
        assert!(standing.is_folder && !standing.is_mount);
        assert!(!is_network(folder.path()).unwrap());
    }
}
