//! `sync` and `retry`.

use std::process::ExitCode;

use photokeep_app::model::{Filter, Plan, Result};
use photokeep_app::{SyncEnd, SyncRequest, SyncResponse};

use crate::arguments::{Retry, Sync};
use crate::output::say;
use crate::{environment, exit, progress, words};

use super::stop_on_signal;

pub async fn sync(arguments: Sync) -> Result<ExitCode> {
    let app = environment::app(Some(arguments.waiting))?;
    let request = SyncRequest {
        library: arguments.library,
        filter: arguments.filters.into_filter(),
        changes: arguments.remembered.into_changes(),
        start_over: arguments.start_over,
        retry: false,
    };
    let whole = request.filter.is_whole();
    let (output, control) = (progress::for_output(arguments.json), stop_on_signal());
    if arguments.dry_run {
        let plan = app.plan_sync(&request, output.clone(), control).await?;
        drop(output);
        if arguments.json {
            say!("{}", serde_json::json!({ "event": "plan", "plan": plan }));
        } else {
            crate::output::write(format_args!("A sync would do this; nothing was changed.\n{}", words::plan(&plan)));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let end = app.sync(&request, output.clone(), control, |plan| show_plan(plan, arguments.json)).await;
    drop(output);
    Ok(finish(&end?, whole, arguments.json))
}

pub async fn retry(arguments: Retry) -> Result<ExitCode> {
    let app = environment::app(Some(arguments.waiting))?;
    let request = SyncRequest { library: arguments.library, filter: Filter::default(), retry: true, ..SyncRequest::default() };
    let output = progress::for_output(arguments.json);
    let end = app.sync(&request, output.clone(), stop_on_signal(), |plan| show_plan(plan, arguments.json)).await;
    drop(output);
    Ok(finish(&end?, true, arguments.json))
}

fn show_plan(plan: &Plan, json: bool) {
    if json {
        say!("{}", serde_json::json!({ "event": "plan", "plan": plan }));
    } else if plan.to_fetch + plan.restored > 0 {
        crate::output::write_error(format_args!("{}", words::plan(plan)));
    }
}

/// Shows the receipt, then the trouble, and decides the exit code.
fn finish(end: &SyncEnd, whole: bool, json: bool) -> ExitCode {
    if json {
        let response = SyncResponse { receipt: &end.receipt, error: end.error.as_ref() };
        let mut line = serde_json::to_value(&response).unwrap_or_default();
        line["event"] = "receipt".into();
        say!("{line}");
    } else {
        crate::output::write(format_args!("{}", words::receipt(&end.receipt)));
    }
    match &end.error {
        Some(error) => exit::tell(error, false),
        // Files that somebody changed, videos that Google still works on: not complete, so not 0.
        None if end.receipt.failed_count() > 0 || (whole && !end.receipt.all_fetched) => ExitCode::from(exit::SOME_FAILED),
        None => ExitCode::SUCCESS,
    }
}
