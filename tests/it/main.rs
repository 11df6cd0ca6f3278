//! The integration tests: one binary, every test a sentence, none that sleeps for a fixed time.

mod any_bytes;
mod cli;
mod crash;
mod daemon;
mod doctor;
mod faults;
mod format_scorer;
mod furniture;
mod growing;
mod history;
mod interrupted;
mod lineage;
mod members;
mod order;
mod pages;
mod pair_scorer;
mod scorer;
mod stories;
mod support;
mod tidy;
