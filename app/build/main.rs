//! Packs the web client into the binary: every file of `client/`, scripts without comments, and
//! compressed once at full strength.

mod comments;

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

use sha2::{Digest, Sha256};

/// What belongs to the client as it is served; tests, types and packages do not.
const SERVED: [&str; 8] = ["css", "html", "ico", "js", "png", "svg", "txt", "webmanifest"];
/// Pictures are compressed already.
const COMPRESSED: [&str; 6] = ["css", "html", "js", "svg", "txt", "webmanifest"];
const LEFT_OUT: [&str; 2] = ["node_modules", "tests"];

struct File {
    /// Relative to `client/`, with `/`.
    path: String,
    content: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let client = Path::new(&env::var_os("CARGO_MANIFEST_DIR").ok_or("run by cargo")?).join("../client");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("run by cargo")?);
    let mut files = Vec::new();
    collect(&client, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let halves: Vec<&[File]> = files.chunks(files.len().div_ceil(2).max(1)).collect();
    thread::scope(|scope| {
        let work: Vec<_> = halves.iter().map(|half| scope.spawn(|| compress(half, &out))).collect();
        work.into_iter()
            .try_for_each(|one| one.join().map_err(|_| "compressing failed")?.map_err(|_| "cannot write"))
    })?;
    fs::write(out.join("packed.rs"), listing(&files, &out)?)?;
    Ok(())
}

/// Gathers what is served. Cargo is told of each file and folder, so that a change packs again.
#[expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| "a name in client/ is not Unicode")?;
        if LEFT_OUT.contains(&name.as_str()) || name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if has_extension(&name, &SERVED) {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(File { path: format!("{prefix}{name}"), content: packed(&path)? });
        }
    }
    Ok(())
}

/// A file as it is served: scripts lose their comments, which are a third of them.
fn packed(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    if path.extension().is_some_and(|extension| extension == "js") {
        return Ok(comments::strip(&fs::read_to_string(path)?).into_bytes());
    }
    Ok(fs::read(path)?)
}

fn has_extension(name: &str, list: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| list.contains(&extension))
}

fn packed_name(path: &str) -> String {
    path.replace('/', "+")
}

fn compress(files: &[File], out: &Path) -> std::io::Result<()> {
    for file in files {
        let target = out.join(packed_name(&file.path));
        fs::write(&target, &file.content)?;
        if !has_extension(&file.path, &COMPRESSED) {
            continue;
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&file.content)?;
        fs::write(target.with_added_extension("gz"), gzip.finish()?)?;
        let mut brotli = Vec::new();
        let strongest = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut file.content.as_slice(), &mut brotli, &strongest)?;
        fs::write(target.with_added_extension("br"), brotli)?;
    }
    Ok(())
}

/// The Rust source that embeds the files; the release is the hash of all of them.
fn listing(files: &[File], out: &Path) -> Result<String, std::fmt::Error> {
    let mut all = Sha256::new();
    let mut source = String::from("static PACKED: &[Packed] = &[\n");
    for file in files {
        all.update(file.path.len().to_le_bytes());
        all.update(&file.path);
        all.update(file.content.len().to_le_bytes());
        all.update(&file.content);
        let target = out.join(packed_name(&file.path));
        let compressed = has_extension(&file.path, &COMPRESSED);
        let embedded = |extension: &str| match compressed {
            true => format!("Some(include_bytes!({:?}))", target.with_added_extension(extension)),
            false => "None".to_owned(),
        };
        writeln!(
            source,
            "    Packed {{ path: {:?}, plain: include_bytes!({target:?}), gzip: {}, brotli: {} }},",
            file.path,
            embedded("gz"),
            embedded("br"),
        )?;
    }
    let name: String = all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    writeln!(source, "];\nconst RELEASE: &str = {name:?};")?;
    Ok(source)
}
