//! The kinds of JSON that are known, a file each.

pub(super) mod ap_media;
pub(super) mod fingerpost;
pub(super) mod gdelt;
pub(super) mod generic;
pub(super) mod json_feed;
pub(super) mod json_ld;
pub(super) mod ldrs;
pub(super) mod newsapi;
pub(super) mod newspaper4k;
pub(super) mod newsplease;
pub(super) mod ninjs;
pub(super) mod trafilatura;
pub(super) mod webz;

#[cfg(test)]
mod generic_tests;
#[cfg(test)]
mod shapes_tests;

use super::json::shape::{self, Shape, has, names};
use super::{Field, Format, Reader};

/// The reader of a shape that is a constant named `SHAPE`.
macro_rules! reader {
    ($format:literal) => {
        $crate::article::parse::Reader {
            format: $crate::article::Format($format),
            recognise: |opening| SHAPE.recognise(opening),
            divide: |text, rules| SHAPE.divide(text, rules),
            read: |text, rules| SHAPE.read(text, rules),
            render: None,
        }
    };
}
use reader;
