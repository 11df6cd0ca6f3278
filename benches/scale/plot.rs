//! The plot: rate and 99th percentiles against the size of the store, as SVG.

use std::fmt::Write as _;

use crate::figures::Point;

const LEFT: f64 = 70.0;
const RIGHT: f64 = 650.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 320.0;
/// Parts of the upright axes.
const STEPS: i32 = 5;

const RATE: &str = "#0b6bcb";
const LOOK_UP: &str = "#c4500c";
const RECORD: &str = "#7a7f87";
const INK: &str = "#333";

/// The points as a drawing.
pub(crate) fn svg(points: &[Point]) -> String {
    let most = |of: fn(&Point) -> f64| points.iter().map(of).fold(0.0, f64::max);
    let rate_max = ceiling(most(|it| it.rate));
    let ms_max = ceiling(most(|it| it.look_up_p99_ms).max(most(|it| it.record_p99_ms)));
    let mut drawing = Drawing::new();
    drawing.legend();
    drawing.scales(rate_max, ms_max);
    let ends = points.first().zip(points.last());
    let ends = ends.map(|(first, last)| (logarithm(first), logarithm(last)));
    let (low, high) = ends.unwrap_or_default();
    let across =
        |it: &Point| LEFT + (logarithm(it) - low) / (high - low).max(1e-9) * (RIGHT - LEFT);
    for point in points.iter().filter(|it| is_power(it.articles)) {
        let size = label(point.articles as f64);
        drawing.text(across(point), BOTTOM + 20.0, "middle", INK, &size);
    }
    let mut line = |of: fn(&Point) -> f64, max: f64, colour: &str| {
        let along = points.iter().map(|it| (across(it), height(of(it) / max)));
        drawing.line(&along.collect::<Vec<_>>(), colour);
    };
    line(|it| it.record_p99_ms, ms_max, RECORD);
    line(|it| it.look_up_p99_ms, ms_max, LOOK_UP);
    line(|it| it.rate, rate_max, RATE);
    drawing.0 + "</svg>\n"
}

struct Drawing(String);

impl Drawing {
    fn new() -> Self {
        Self(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 390\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"720\" height=\"390\" fill=\"#fff\"/>\n"
                .to_owned(),
        )
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, fill: &str, what: &str) {
        writeln!(
            self.0,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{fill}\">{what}</text>"
        )
        .expect("into a string");
    }

    fn legend(&mut self) {
        let rate = "articles recorded and judged a second of processor time";
        self.text(LEFT, 20.0, "start", RATE, rate);
        let look_up = "99th percentile in ms: one look-up";
        self.text(RIGHT, 20.0, "end", LOOK_UP, look_up);
        let record = "recording and judging one article";
        self.text(RIGHT, 34.0, "end", RECORD, record);
        let middle = f64::midpoint(LEFT, RIGHT);
        self.text(middle, 375.0, "middle", INK, "articles in the store");
    }

    fn scales(&mut self, rate_max: f64, ms_max: f64) {
        for step in 0..=STEPS {
            let part = f64::from(step) / f64::from(STEPS);
            let y = height(part);
            self.text(LEFT - 8.0, y + 4.0, "end", RATE, &label(rate_max * part));
            self.text(
                RIGHT + 8.0,
                y + 4.0,
                "start",
                LOOK_UP,
                &label(ms_max * part),
            );
            writeln!(
                self.0,
                "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"#ddd\" fill=\"none\"/>"
            )
            .expect("into a string");
        }
    }

    fn line(&mut self, points: &[(f64, f64)], colour: &str) {
        let path: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        writeln!(
            self.0,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        )
        .expect("into a string");
        for (x, y) in points {
            writeln!(
                self.0,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>"
            )
            .expect("into a string");
        }
    }
}

/// Where a part of an upright axis ends.
fn height(part: f64) -> f64 {
    BOTTOM - part * (BOTTOM - TOP)
}

fn logarithm(point: &Point) -> f64 {
    (point.articles as f64).ln()
}

fn is_power(size: usize) -> bool {
    10usize.pow(size.ilog10()) == size
}

/// The next round number.
fn ceiling(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1e-3).log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let found = steps
        .iter()
        .map(|step| step * power)
        .find(|it| *it >= value);
    found.unwrap_or(10.0 * power)
}

fn label(value: f64) -> String {
    if value >= 1e6 {
        format!("{} 000 000", value / 1e6)
    } else if value >= 1e4 {
        format!("{} 000", value / 1e3)
    } else if value < 10.0 && value.fract() != 0.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}
