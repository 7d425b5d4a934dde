//! Two results side by side: what changed by more than its turns differ among themselves.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::figures::{Better, Figure, Row, number};
use crate::results::Results;

/// What to compare.
#[derive(clap::Args, Clone)]
pub(crate) struct Compare {
    /// A result, as JSON: before
    before: PathBuf,
    /// Another: after
    after: PathBuf,
    /// Fails when a figure is worse by more than so many percent, and by more than its spread
    #[arg(long, value_name = "PERCENT")]
    within: Option<f64>,
}

/// Tells the differences.
///
/// # Errors
/// When a file is no result, or something is worse than allowed.
pub(crate) fn run(compare: &Compare) -> Result<()> {
    let (before, after) = (Results::read(&compare.before)?, Results::read(&compare.after)?);
    let differences = differences(&before, &after);
    println!("{}", table(&before, &after, &differences));
    let Some(percent) = compare.within else { return Ok(()) };
    let worse: Vec<_> = differences.iter().filter(|d| d.is_worse_by(percent)).map(Difference::name).collect();
    if !worse.is_empty() {
        bail!("worse by more than {percent} % and more than the spread: {}", worse.join("; "));
    }
    Ok(())
}

/// One figure in both results.
struct Difference<'a> {
    row: &'a Row,
    before: &'a Figure,
    after: &'a Figure,
}

impl Difference<'_> {
    fn ratio(&self) -> f64 {
        self.after.median / self.before.median
    }

    /// Whether no turn of the one came where turns of the other were.
    fn is_outside_spread(&self) -> bool {
        self.after.lowest > self.before.highest || self.after.highest < self.before.lowest
    }

    fn is_worse_by(&self, percent: f64) -> bool {
        let allowed = 1.0 + percent / 100.0;
        self.is_outside_spread()
            && match self.after.better {
                Better::Higher => self.ratio() < 1.0 / allowed,
                Better::Lower => self.ratio() > allowed,
                Better::Neither => false,
            }
    }

    fn verdict(&self) -> &'static str {
        match (self.is_outside_spread(), self.after.better) {
            (false, _) => "",
            (true, Better::Neither) => "differs",
            (true, Better::Higher) if self.ratio() > 1.0 => "**better**",
            (true, Better::Lower) if self.ratio() < 1.0 => "**better**",
            (true, _) => "**worse**",
        }
    }

    fn name(&self) -> String {
        format!("{}, {}: {}", self.row.scenario, self.row.what, self.after.name)
    }
}

fn differences<'a>(before: &'a Results, after: &'a Results) -> Vec<Difference<'a>> {
    let pairs = after.rows.iter().filter_map(|row| Some((row, same(before, row)?)));
    let figures = pairs.flat_map(|(row, earlier)| {
        let figures = row.product.figures.iter();
        figures.filter_map(move |after| {
            Some(Difference { row, before: earlier.product.figure(&after.name)?, after })
        })
    });
    figures.collect()
}

fn same<'a>(results: &'a Results, row: &Row) -> Option<&'a Row> {
    results.rows.iter().find(|other| (&other.scenario, &other.what) == (&row.scenario, &row.what))
}

fn table(before: &Results, after: &Results, differences: &[Difference]) -> String {
    let mut text = format!("# {} ({}) and {} ({})\n\n", before.commit, before.day, after.commit, after.day);
    if before.machine != after.machine {
        text.push_str(&format!(
            "Two machines, so that only ratios to a baseline and CPU for each answer say something: {}; {}.\n\n",
            before.machine.told(),
            after.machine.told()
        ));
    }
    text.push_str("| what | figure | before | after | ratio | outside the spread |\n| --- | --- | --- | --- | --- | --- |\n");
    for difference in differences {
        let Difference { row, before, after } = difference;
        text.push_str(&format!(
            "| {}, {} | {} | {} | {} | {} | {} |\n",
            row.scenario,
            row.what,
            after.name,
            spread(before),
            spread(after),
            number(difference.ratio()),
            difference.verdict(),
        ));
    }
    let ratios = after
        .rows
        .iter()
        .filter_map(|row| Some((row, same(before, row)?.ratio.as_ref()?, row.ratio.as_ref()?)));
    let ratios: Vec<String> = ratios
        .map(|(row, before, after)| {
            let change = number(after.value / before.value);
            format!(
                "| {}, {} | {} | {} | {} | {change} |\n",
                row.scenario,
                row.what,
                after.of,
                number(before.value),
                number(after.value)
            )
        })
        .collect();
    if !ratios.is_empty() {
        text.push_str(
            "\n| what | to its baseline | before | after | ratio |\n| --- | --- | --- | --- | --- |\n",
        );
        text.push_str(&ratios.concat());
    }
    for (name, from, to) in [("only before", before, after), ("only after", after, before)] {
        for row in from.rows.iter().filter(|row| same(to, row).is_none()) {
            text.push_str(&format!("\n{name}: {}, {}", row.scenario, row.what));
        }
    }
    text
}

fn spread(figure: &Figure) -> String {
    let Figure { unit, median, lowest, highest, .. } = figure;
    format!("{} ({}–{}) {unit}", number(*median), number(*lowest), number(*highest))
}

#[cfg(test)]
mod tests {
    use super::{Compare, differences, run, table};
    use crate::results::tests::results;

    #[test]
    fn what_lies_within_the_spread_is_no_difference_and_what_lies_outside_is() {
        let before = results("one", &[10.0, 11.0, 12.0], 7.0);
        for (turns, verdict) in
            [([11.5, 12.5, 13.0], ""), ([13.0, 14.0, 15.0], "**worse**"), ([7.0, 8.0, 9.0], "**better**")]
        {
            let after = results("two", &turns, 7.0);
            assert_eq!(differences(&before, &after)[0].verdict(), verdict, "{turns:?}");
        }
        let after = results("two", &[13.0, 14.0, 15.0], 7.0);
        let table = table(&before, &after, &differences(&before, &after));
        let row = "| browse, a thread as JSON | CPU each | 11.0 (10.0–12.0) µs | 14.0 (13.0–15.0) µs | 1.27 | **worse** |";
        assert!(table.contains(row), "{table}");
        assert!(table.contains("| browse, a thread as JSON | CPU each | 1.57 | 2.00 | 1.27 |"), "{table}");
    }

    #[test]
    fn a_row_of_one_result_alone_is_named_and_another_machine_too() {
        let before = results("one", &[10.0], 7.0);
        let mut after = results("two", &[10.0], 7.0);
        after.rows[0].what = String::from("a list");
        after.machine.cores = 4;
        let table = table(&before, &after, &differences(&before, &after));
        assert!(table.contains("only before: browse, a thread as JSON"), "{table}");
        assert!(table.contains("only after: browse, a list") && table.contains("Two machines"), "{table}");
    }

    #[test]
    fn a_bound_fails_what_is_worse_and_nothing_else() {
        let folder = tempfile::TempDir::new().unwrap();
        let keep = |commit: &str, turns: &[f64]| {
            results(commit, turns, 7.0).write(folder.path()).unwrap();
            folder.path().join(format!("2026-11-21-{commit}.json"))
        };
        let (before, same) = (keep("one", &[10.0, 11.0]), keep("two", &[10.5, 11.5]));
        let (worse, better) = (keep("three", &[20.0, 21.0]), keep("four", &[5.0, 6.0]));
        let within = |after| run(&Compare { before: before.clone(), after, within: Some(20.0) });
        assert!(within(same).is_ok() && within(better).is_ok());
        assert!(within(worse).unwrap_err().to_string().contains("a thread as JSON: CPU each"));
    }
}
