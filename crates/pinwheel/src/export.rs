//! `pinwheel export products`: all products as a file that `import products` reads.

use std::fs::File;
use std::io::{BufWriter, Write};

use app::failure::Failure;
use app::product_csv::{self, Generation};

use crate::arguments::{Export, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

pub fn run(site: &Site, what: &Export) -> Result<Ended, Failure> {
    let Export::Products { out, current } = what;
    let generation = if *current { Generation::Current } else { Generation::Legacy };
    let app = open(site, Shape::AsItIs)?;
    let visitor = terminal();
    let Some(path) = out else {
        let mut writer = std::io::stdout().lock();
        product_csv::export(&app, &visitor, generation, &mut writer)?;
        writer.flush().map_err(Failure::broken)?;
        return Ok(Ended::Done);
    };
    let wrong = |error| Failure::broken(format!("{}: {error}", path.display()));
    let mut writer = BufWriter::new(File::create(path).map_err(wrong)?);
    let products = product_csv::export(&app, &visitor, generation, &mut writer)?;
    writer.into_inner().map_err(|error| wrong(error.into_error()))?.sync_all().map_err(wrong)?;
    println!("{products} products in {}", path.display());
    Ok(Ended::Done)
}
