//! What was measured, in figures: the middle of all turns with the lowest and the highest, beside what it is compared with.

use serde::{Deserialize, Serialize};

/// Which way a figure gets better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    /// The more the better.
    Higher,
    /// The less the better.
    Lower,
    /// It tells something about the others.
    Neither,
}

/// One figure of several turns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    pub(crate) median: f64,
    pub(crate) lowest: f64,
    pub(crate) highest: f64,
}

impl Figure {
    /// The figure of these turns; nothing when there were none.
    pub(crate) fn of(name: &str, unit: &str, better: Better, values: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (lowest, highest) = (*sorted.first()?, *sorted.last()?);
        let (name, unit) = (name.to_owned(), unit.to_owned());
        Some(Self { name, unit, better, median: sorted[sorted.len() / 2], lowest, highest })
    }

    /// A figure that was measured once.
    pub(crate) fn once(name: &str, unit: &str, better: Better, value: f64) -> Self {
        let (name, unit) = (name.to_owned(), unit.to_owned());
        Self { name, unit, better, median: value, lowest: value, highest: value }
    }

    /// "rate 5,802 /s (5,654–5,919)".
    pub(crate) fn told(&self) -> String {
        let Self { name, unit, median, lowest, highest, .. } = self;
        let spread = if lowest == highest {
            String::new()
        } else {
            format!(" ({}–{})", number(*lowest), number(*highest))
        };
        let gap = if unit.starts_with('/') || unit.is_empty() { "" } else { " " };
        format!("{name} {}{gap}{unit}{spread}", number(*median))
    }
}

/// A number for people: three figures that count, and commas between thousands.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 && out != "-" {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

/// One of the two that take turns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) figures: Vec<Figure>,
}

impl Side {
    /// A side with the figures that there are.
    pub(crate) fn new(name: &str, figures: impl IntoIterator<Item = Option<Figure>>) -> Self {
        Self { name: name.to_owned(), figures: figures.into_iter().flatten().collect() }
    }

    /// Its figure of this name.
    pub(crate) fn figure(&self, name: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.name == name)
    }
}

/// What is compared: the product's figure divided by the baseline's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ratio {
    pub(crate) of: String,
    pub(crate) value: f64,
}

/// One thing that was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) scenario: String,
    pub(crate) what: String,
    pub(crate) product: Side,
    pub(crate) baseline: Option<Side>,
    pub(crate) ratio: Option<Ratio>,
}

impl Row {
    /// Something measured by itself.
    pub(crate) fn alone(scenario: &str, what: &str, product: Side) -> Self {
        let (scenario, what) = (scenario.to_owned(), what.to_owned());
        Self { scenario, what, product, baseline: None, ratio: None }
    }

    /// Something measured in turns with its baseline, compared by the figure `of`.
    pub(crate) fn beside(scenario: &str, what: &str, product: Side, baseline: Side, of: &str) -> Self {
        let ratio = product
            .figure(of)
            .zip(baseline.figure(of))
            .map(|(product, baseline)| Ratio { of: of.to_owned(), value: product.median / baseline.median });
        Self { ratio, baseline: Some(baseline), ..Self::alone(scenario, what, product) }
    }

    /// The row for whoever looks on.
    pub(crate) fn told(&self) -> String {
        let side = |side: &Side| {
            let figures: Vec<String> = side.figures.iter().map(Figure::told).collect();
            format!("{}: {}", side.name, figures.join(", "))
        };
        let mut told = format!("{}, {}\n  {}", self.scenario, self.what, side(&self.product));
        if let Some(baseline) = &self.baseline {
            told.push_str(&format!("\n  {}", side(baseline)));
        }
        if let Some(Ratio { of, value }) = &self.ratio {
            told.push_str(&format!("\n  ratio of {of}: {}", number(*value)));
        }
        told + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::{Better, Figure, Row, Side, number};

    #[test]
    fn numbers_are_written_for_people() {
        let cases = [
            (0.0, "0"),
            (0.0421, "0.042"),
            (3.456, "3.46"),
            (71.26, "71.3"),
            (5802.4, "5,802"),
            (1e6, "1,000,000"),
        ];
        for (value, told) in cases {
            assert_eq!(number(value), told);
        }
        assert_eq!(number(-123_456.0), "-123,456");
    }

    #[test]
    fn a_figure_is_the_middle_with_its_spread() {
        let figure = Figure::of("rate", "/s", Better::Higher, &[30.0, 10.0, f64::NAN, 20.0]).unwrap();
        assert_eq!((figure.median, figure.lowest, figure.highest), (20.0, 10.0, 30.0));
        assert_eq!(figure.told(), "rate 20.0/s (10.0–30.0)");
        assert_eq!(Figure::once("p50", "ms", Better::Lower, 3.0).told(), "p50 3.00 ms");
        assert!(Figure::of("rate", "/s", Better::Higher, &[]).is_none());
    }

    #[test]
    fn a_row_tells_how_many_times_its_baseline_it_is() {
        let side = |name, cpu| Side::new(name, [Some(Figure::once("CPU each", "µs", Better::Lower, cpu))]);
        let row = Row::beside("browse", "a page", side("folkmoot", 21.0), side("nginx", 7.0), "CPU each");
        assert_eq!(row.ratio.as_ref().map(|ratio| ratio.value), Some(3.0));
        assert!(row.told().ends_with("ratio of CPU each: 3.00\n"), "{}", row.told());
    }
}
