//! copydesk: news articles that arrive as files, taken in once, cleaned, attributed, and told apart.
//!
//! The flow, and the type each stage hands on:
//!
//! ```text
//! notify, timer, start ─Hint→ scan ─Sighting→ settle ─Settled→ store.enqueue ─Job→ wake the desk      (intake)
//! claim ─Job→ read ─RawFile→ article::edit ─Edition→ recorder, one write transaction a batch:
//!       candidates → judge ─Verdict→ article, cuts, provenance, job state → commit → after-action      (desk)
//! store file ─ read-only connection → report → render → terminal                                       (cli)
//! ```
//!
//! The modules stand in reading order. One may name only those above it (`tests/it/tidy.rs` holds the table).
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod article;

pub mod job;

pub mod verdict;

pub mod stories;

pub mod sys;

pub mod config;

pub mod store;

pub mod intake;

pub mod desk;

pub mod daemon;

pub mod report;

pub mod cli;
