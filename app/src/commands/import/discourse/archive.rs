//! Where the topics lie: a folder, or an archive of any usual kind, told apart by their first bytes.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The largest topic file that is read, in bytes: a hundred times the longest seen in the wild.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A place with topic files.
pub(super) struct Archive {
    path: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    Tar,
    TarGz,
    TarXz,
    Zip,
    Single,
}

/// One file of the place: its name, and its bytes or why they cannot be read.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: Result<Vec<u8>, String>,
}

impl Archive {
    /// Looks what lies at `path`.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let meta = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        let kind = if meta.is_dir() { Kind::Folder } else { sniff(path)? };
        Ok(Self { path: path.to_owned(), kind })
    }

    /// Gives every file in turn, in an order that is the same each time.
    pub(super) fn each(&self, mut take: impl FnMut(Entry) -> Result<()>) -> Result<()> {
        match self.kind {
            Kind::Folder => each_in_folder(&self.path, &mut take),
            Kind::Single => take(Entry { name: file_name(&self.path), bytes: read_file(&self.path) }),
            Kind::Zip => each_in_zip(&self.path, &mut take),
            Kind::Tar => each_in_tar(self.reader()?, &mut take),
            Kind::TarGz => each_in_tar(flate2::read::MultiGzDecoder::new(self.reader()?), &mut take),
            Kind::TarXz => {
                each_in_tar(liblzma::read::XzDecoder::new_multi_decoder(self.reader()?), &mut take)
            }
        }
        .with_context(|| format!("{} breaks off or is damaged", self.path.display()))
    }

    fn reader(&self) -> io::Result<BufReader<File>> {
        Ok(BufReader::with_capacity(128 * 1024, File::open(&self.path)?))
    }
}

fn sniff(path: &Path) -> Result<Kind> {
    let mut head = [0; 512];
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let length = file.read(&mut head)?;
    let head = &head[..length];
    Ok(match head {
        [0x1f, 0x8b, ..] => Kind::TarGz,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Kind::TarXz,
        [b'P', b'K', 3 | 5, ..] => Kind::Zip,
        _ if head.get(257..262) == Some(b"ustar") => Kind::Tar,
        _ if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) => Kind::Single,
        _ => bail!("{} is no folder, .tar, .tar.gz, .tar.xz, .zip or .json file", path.display()),
    })
}

fn each_in_folder(folder: &Path, take: &mut impl FnMut(Entry) -> Result<()>) -> Result<()> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        // A link could lead round in a circle, or out of the archive.
        let meta = fs::symlink_metadata(&path)?;
        if meta.is_dir() {
            each_in_folder(&path, take)?;
        } else if meta.is_file() {
            take(Entry { name: file_name(&path), bytes: read_file(&path) })?;
        }
    }
    Ok(())
}

fn each_in_tar(reader: impl Read, take: &mut impl FnMut(Entry) -> Result<()>) -> Result<()> {
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = file_name(&entry.path()?);
        take(Entry { name, bytes: read_limited(entry) })?;
    }
    Ok(())
}

fn each_in_zip(path: &Path, take: &mut impl FnMut(Entry) -> Result<()>) -> Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?))?;
    for index in 0..archive.len() {
        let file = match archive.by_index(index) {
            Ok(file) if file.is_dir() => continue,
            Ok(file) => file,
            Err(error) => {
                take(Entry { name: format!("number {index}"), bytes: Err(error.to_string()) })?;
                continue;
            }
        };
        let name =
            file.name().map_or_else(|_| format!("number {index}"), |name| file_name(Path::new(&*name)));
        take(Entry { name, bytes: read_limited(file) })?;
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    read_limited(File::open(path).map_err(|error| error.to_string())?)
}

fn read_limited(reader: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("larger than {} MiB", MAX_FILE_BYTES / 1024 / 1024));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let mut names = Vec::new();
        Archive::open(path)
            .unwrap()
            .each(|entry| {
                assert_eq!(entry.bytes.unwrap(), b"{}");
                names.push(entry.name);
                Ok(())
            })
            .unwrap();
        names
    }

    fn tar(out: impl Write) -> impl Write {
        let mut tar = tar::Builder::new(out);
        for name in ["forum/a.1.json", "forum/b.2.json"] {
            let mut header = tar::Header::new_ustar();
            header.set_size(2);
            header.set_mode(0o644);
            header.set_cksum();
            tar.append_data(&mut header, name, Cursor::new(b"{}")).unwrap();
        }
        tar.into_inner().unwrap()
    }

    #[test]
    fn every_kind_of_archive_gives_the_same_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        tar(File::create(at("forum")).unwrap()).flush().unwrap();
        tar(flate2::write::GzEncoder::new(File::create(at("forum.gz")).unwrap(), Default::default()))
            .flush()
            .unwrap();
        tar(liblzma::write::XzEncoder::new(File::create(at("forum.xz")).unwrap(), 1)).flush().unwrap();
        let mut zip = zip::ZipWriter::new(File::create(at("forum.zip")).unwrap());
        for name in ["forum/a.1.json", "forum/b.2.json"] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"{}").unwrap();
        }
        zip.finish().unwrap();
        fs::create_dir_all(at("plain/deeper")).unwrap();
        fs::write(at("plain/a.1.json"), "{}").unwrap();
        fs::write(at("plain/deeper/b.2.json"), "{}").unwrap();
        for kind in ["forum", "forum.gz", "forum.xz", "forum.zip", "plain"] {
            assert_eq!(names(&at(kind)), ["a.1.json", "b.2.json"], "{kind}");
        }
    }

    #[test]
    fn a_cut_archive_and_a_strange_file_are_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole");
        tar(liblzma::write::XzEncoder::new(File::create(&whole).unwrap(), 1)).flush().unwrap();
        let bytes = fs::read(&whole).unwrap();
        let cut = folder.path().join("cut");
        fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
        let error = Archive::open(&cut).unwrap().each(|_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("breaks off"), "{error}");
        let strange = folder.path().join("strange.bin");
        fs::write(&strange, "hello").unwrap();
        assert!(Archive::open(&strange).is_err());
    }
}
