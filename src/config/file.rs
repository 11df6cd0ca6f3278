//! The configuration as written: mirrors the TOML, key by key. A key that is left out is `None`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub store: Option<PathBuf>,
    pub workers: Option<u64>,
    pub furniture_after: Option<u64>,
    #[serde(default)]
    pub intake: Intake,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub retry: Retry,
    #[serde(default)]
    pub record: Record,
    #[serde(default)]
    pub json: Vec<Json>,
    #[serde(default, rename = "drop")]
    pub drops: Vec<Drop>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Intake {
    pub quiet_ms: Option<u64>,
    pub quiet_network_ms: Option<u64>,
    pub empty_ms: Option<u64>,
    pub settle_max_s: Option<u64>,
    pub reconcile_s: Option<u64>,
    pub poll_ms: Option<u64>,
    pub root_check_ms: Option<u64>,
    pub depth_max: Option<u64>,
    pub ignore: Option<Vec<String>>,
}

#[expect(clippy::struct_field_names, reason = "the names of the keys")]
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub file_bytes_max: Option<u64>,
    pub text_bytes_max: Option<u64>,
    pub expanded_bytes_max: Option<u64>,
    pub ratio_max: Option<u64>,
    pub layers_max: Option<u64>,
    pub members_max: Option<u64>,
    pub articles_max: Option<u64>,
    pub nesting_max: Option<u64>,
    pub tokens_max: Option<u64>,
    pub cell_bytes_max: Option<u64>,
    pub file_s_max: Option<u64>,
    pub edit_s_max: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    pub has: Option<Vec<String>>,
    pub articles: Option<String>,
    pub text: Option<Vec<String>>,
    #[serde(default)]
    pub fields: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retry {
    pub first_ms: Option<u64>,
    pub longest_s: Option<u64>,
    pub attempts_max: Option<u64>,
    pub crashes_max: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub batch_files: Option<u64>,
    pub batch_ms: Option<u64>,
    pub free_reserve_bytes: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Drop {
    pub name: Option<String>,
    pub path: Option<PathBuf>,
    pub source: Option<String>,
    pub after: Option<String>,
    pub move_to: Option<PathBuf>,
    pub watch: Option<String>,
    pub ignore: Option<Vec<String>>,
}
