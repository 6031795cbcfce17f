//! A connection that prepares every statement once.
//!
//! Written here because rusqlite's own `execute` and `query_row` compile a statement at every call, and compiling one that
//! sets off triggers costs many times what running it costs.

use std::ops::Deref;

use rusqlite::{Connection, Params, Result, Row};

/// Statements that stay prepared: more than a run uses.
const STATEMENTS: usize = 256;

/// A connection; everything of rusqlite's that is not below goes through.
#[derive(Debug)]
pub(super) struct Prepared(Connection);

impl Prepared {
    pub fn new(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self(connection)
    }

    /// As rusqlite's.
    pub fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.0.prepare_cached(sql)?.execute(params)
    }

    /// As rusqlite's.
    pub fn query_row<T>(&self, sql: &str, params: impl Params, row: impl FnOnce(&Row<'_>) -> Result<T>) -> Result<T> {
        self.0.prepare_cached(sql)?.query_row(params, row)
    }
}

impl Deref for Prepared {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}
