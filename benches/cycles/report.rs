//! Rows for people and for programs.

use crate::measure::Figures;

/// What a row is held against.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    /// At most so many times the limit.
    Ratio(f64),
    /// At most so many ticks above the limit.
    Above(f64),
    /// At most so many ticks.
    Ticks(f64),
    /// For comparison only.
    Open,
}

/// One line of the result.
pub struct Row {
    pub op: &'static str,
    pub size: usize,
    pub figures: Figures,
    pub aim: Aim,
}

impl Row {
    /// The aim and whether it is met.
    fn verdict(&self) -> String {
        let Figures { cycles, limit, .. } = self.figures;
        let (aim, holds) = match self.aim {
            Aim::Ratio(most) => (format!("<= {most:.2} x"), self.figures.ratio() <= most),
            Aim::Above(most) => (format!("<= limit + {most:.0}"), cycles - limit <= most),
            Aim::Ticks(most) => (format!("<= {most}"), cycles <= most),
            Aim::Open => return String::from("-"),
        };
        format!("{aim:<14} {}", if holds { "met" } else { "not met" })
    }
}

pub const TABLE_HEAD: &str = "operation                size     cycles      alone      limit   ratio  aim";

pub fn table_line(row: &Row) -> String {
    let Row { op, size, figures, .. } = row;
    let Figures { cycles, alone, limit } = figures;
    let ratio = figures.ratio();
    format!("{op:<23}{size:>6}{cycles:>11.1}{alone:>11.1}{limit:>11.1}{ratio:>8.2}  {}", row.verdict())
}

/// An array with one object a line: always the same keys, in the same order.
pub fn json(rows: &[Row]) -> String {
    let object = |row: &Row| {
        let Row { op, size, figures, .. } = row;
        let Figures { cycles, alone, limit } = figures;
        let ratio = figures.ratio();
        format!(
            r#"  {{"op": "{op}", "size": {size}, "cycles": {cycles:.1}, "alone": {alone:.1}, {}}}"#,
            format_args!(r#""limit_cycles": {limit:.1}, "ratio": {ratio:.3}"#)
        )
    };
    format!("[\n{}\n]", rows.iter().map(object).collect::<Vec<_>>().join(",\n"))
}
