//! `folkmoot dist`: the web client as files, for a web server or CDN in front. The binary itself needs none of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::{Context, Output};
use crate::server::assets::{Asset, Release, WORKER, is_public};
use crate::server::page::{Page, Template};

/// Where to.
#[derive(Args, Debug)]
pub(super) struct Dist {
    /// The folder; what has the same name there is written over.
    #[arg(default_value = "dist")]
    folder: PathBuf,
}

pub(super) fn run(dist: &Dist, context: &Context, output: &mut Output) -> ExitCode {
    match write_all(&dist.folder, context) {
        Ok(count) => {
            output.say(format_args!("{count} files are in {}.", dist.folder.display()));
            ExitCode::SUCCESS
        }
        Err(error) => super::failed(&error, output),
    }
}

/// Writes each file at its address, with its compressed forms beside it as `.gz` and `.br`.
fn write_all(folder: &Path, context: &Context) -> anyhow::Result<usize> {
    let config = context.load()?.config;
    let mut release = Release::packed();
    let template = Template::new(&release, &config.server.base_url().to_string())?;
    let page = template.fill(&Page::shell(""), &config.community.name);
    release.add_frame(page.clone());
    let below = folder.join("assets").join(&release.name);
    for (path, asset) in &release.files {
        match path.as_str() {
            path if is_public(path) => write(&below.join(path), asset)?,
            WORKER => write(&folder.join(path), asset)?,
            _ => {}
        }
    }
    write(&folder.join("index.html"), &Asset::new(page.into(), None, None))?;
    Ok(release.files.len())
}

fn write(path: &Path, asset: &Asset) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let forms =
        [(None, Some(&asset.plain)), (Some("gz"), asset.gzip.as_ref()), (Some("br"), asset.brotli.as_ref())];
    for (extension, bytes) in forms {
        let path =
            extension.map_or_else(|| path.to_owned(), |extension| path.with_added_extension(extension));
        if let Some(bytes) = bytes {
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}
