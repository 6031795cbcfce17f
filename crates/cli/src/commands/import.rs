//! `import`.

use std::process::ExitCode;

use photokeep_app::model::{Plan, Result};
use photokeep_app::{ImportEnd, ImportPlan, ImportRequest, may_hold_report};

use crate::arguments::Import;
use crate::output::say;
use crate::{environment, exit, progress, words};

use super::stop_on_signal;

pub async fn import(arguments: Import) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let request = ImportRequest {
        library: arguments.library,
        paths: arguments.paths,
        xmp: arguments.xmp,
        changes: arguments.remembered.into_changes(),
        join: arguments.join,
        start_over: arguments.start_over,
    };
    if let Some(report) = &arguments.report {
        may_hold_report(report)?;
    }
    let (output, control) = (progress::for_output(arguments.json), stop_on_signal());
    if arguments.dry_run {
        let plan = app.plan_import(&request, output.clone(), control).await?;
        drop(output);
        show_whole_plan(&plan, arguments.json);
        return Ok(ExitCode::SUCCESS);
    }
    let end = app.import(&request, output.clone(), control, |plan| show_plan(plan, arguments.json)).await;
    drop(output);
    let end = end?;
    let code = finish(&end, arguments.json);
    if let Some(report) = &arguments.report {
        app.write_import_report(&request.library, end.receipt.run, report)?;
    }
    Ok(code)
}

fn show_whole_plan(plan: &ImportPlan, json: bool) {
    if json {
        let mut line = serde_json::to_value(plan).unwrap_or_default();
        line["event"] = "plan".into();
        say!("{line}");
    } else {
        crate::output::write(format_args!("An import would do this; nothing was changed.\n{}", words::import_plan(plan)));
    }
}

pub(super) fn show_plan(plan: &Plan, json: bool) {
    if json {
        say!("{}", serde_json::json!({ "event": "plan", "plan": plan }));
    } else if plan.to_fetch + plan.restored > 0 {
        crate::output::write_error(format_args!("{}", words::import_counts(plan)));
    }
}

/// Shows the receipt, then the trouble, and decides the exit code.
pub(super) fn finish(end: &ImportEnd, json: bool) -> ExitCode {
    if json {
        let line = serde_json::json!({
            "event": "receipt", "receipt": end.receipt, "error": end.error, "exports": end.exports, "refused": end.refused
        });
        say!("{line}");
    } else {
        crate::output::write(format_args!("{}", words::import_receipt(&end.receipt, &end.exports)));
    }
    match &end.error {
        Some(error) => exit::tell(error, false),
        // Parts that are missing, photos that are damaged: what is here is kept, and it is not everything.
        None if end.receipt.failed_count() > 0 || !end.receipt.all_fetched => ExitCode::from(exit::SOME_FAILED),
        None => ExitCode::SUCCESS,
    }
}
