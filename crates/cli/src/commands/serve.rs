//! `serve`.

use std::process::ExitCode;

use photokeep_app::model::Result;

use super::stop_on_signal;
use crate::arguments::Serve;
use crate::environment;
use crate::output::{complain, say};
use crate::serve::{Server, has_user_interface};

pub async fn serve(arguments: Serve) -> Result<ExitCode> {
    let app = environment::app(None)?;
    if !has_user_interface() {
        complain!(
            "This photokeep was built without the user interface: only its interface for programs answers. Build `ui/` first, then this."
        );
    }
    let server = Server::bind(app, &arguments).await?;
    say!("Open this address: {}", server.address);
    complain!("The address works once. Ctrl-C stops.");
    let control = stop_on_signal();
    server.run(arguments.name, control.cancel).await?;
    Ok(ExitCode::SUCCESS)
}
