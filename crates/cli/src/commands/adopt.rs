//! `adopt`.

use std::process::ExitCode;

use photokeep_app::model::Result;
use photokeep_app::{AdoptPlan, AdoptRequest};

use crate::arguments::Adopt;
use crate::output::say;
use crate::{environment, exit, progress, words};

use super::stop_on_signal;

pub async fn adopt(arguments: Adopt) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let request = AdoptRequest { folder: arguments.folder, index: arguments.index };
    if arguments.dry_run {
        let plan = tokio::task::block_in_place(|| app.plan_adopt(&request))?;
        if arguments.json {
            say!("{}", json_of(&plan));
        } else {
            crate::output::write(format_args!("Adopting would do this; nothing was changed.\n{}", words::adopt_plan(&plan)));
            crate::output::write(format_args!("{}", words::left_alone(&plan.left)));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let (output, control) = (progress::for_output(arguments.json), stop_on_signal());
    let show = |plan: &AdoptPlan| {
        if arguments.json {
            say!("{}", json_of(plan))
        } else {
            crate::output::write_error(format_args!("{}", words::adopt_plan(plan)))
        }
    };
    // Reading takes as long as the disk needs: this thread is lent for it.
    let end = tokio::task::block_in_place(|| app.adopt(&request, output.as_ref(), &control, show));
    drop(output);
    let end = end?;
    if arguments.json {
        say!(
            "{}",
            serde_json::json!({ "event": "receipt", "receipt": end.receipt, "links": end.links, "left": end.left, "error": end.error })
        );
    } else {
        crate::output::write(format_args!("{}", words::adopt_receipt(&end)));
        crate::output::write(format_args!("{}", words::left_alone(&end.left)));
        if end.error.is_none() {
            say!("To add what is new: photokeep sync or photokeep import, with {}.", request.folder.display());
        }
    }
    Ok(end.error.map_or(ExitCode::SUCCESS, |error| exit::tell(&error, false)))
}

fn json_of(plan: &AdoptPlan) -> serde_json::Value {
    serde_json::json!({ "event": "plan", "plan": plan })
}
