//! The one shape in which errors reach a front end.

use std::collections::BTreeMap;

use photokeep_model::{Code, Error, Retry, Severity};
use serde::Serialize;
use ts_rs::TS;

use super::sentence::{Sentences, sentences};

/// An error as a front end gets it. Programs match `code`, never text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ApiError {
    /// The kind, for programs.
    pub code: Code,
    /// What happened and what it means for the photos.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// Whether trying again can help.
    pub retry: Retry,
    /// Facts for a bug report. Never secrets.
    pub details: BTreeMap<String, String>,
    /// The sentences in it that have a code.
    pub sentences: Sentences,
}

impl From<&Error> for ApiError {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code,
            message: error.message.clone(),
            hint: error.hint.clone(),
            severity: error.severity,
            retry: error.retry,
            details: error.details.iter().cloned().collect(),
            sentences: sentences([error.message.as_str()].into_iter().chain(error.hint.as_deref())),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}
