//! `sign-in` and `sign-out`.

use std::process::ExitCode;

use photokeep_app::model::{Code, Error, Result};
use photokeep_app::{ClientFile, SignInRequest, built_in_client};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::mpsc;

use crate::arguments::{LibraryOnly, SignIn};
use crate::environment;
use crate::output::say;
use crate::words::printable;

pub async fn sign_in(arguments: SignIn) -> Result<ExitCode> {
    let app = environment::app(None)?;
    let client = client(&arguments, app.kept_client(&arguments.library))?;
    let request = SignInRequest {
        library: arguments.library,
        client,
        whole_library: arguments.whole_library,
        upload: arguments.upload,
        start_over: arguments.start_over,
    };
    let pending = app.begin_sign_in(&request).await?;
    say!("Open this address: {}", pending.address);
    if !arguments.no_browser && open::that_detached(pending.address.as_str()).is_err() {
        say!("No browser could be opened here; open the address in one yourself.");
    }
    if pending.listens() {
        say!("Waiting for the browser. If it runs on another computer, paste the address that it ends at here.");
    } else {
        say!("When you have given access, paste the address that the browser ends at here.");
    }
    let (pasted_in, pasted) = mpsc::channel(4);
    tokio::spawn(async move {
        let mut lines = BufReader::new(tokio::io::stdin()).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if pasted_in.send(line).await.is_err() {
                break;
            }
        }
    });
    let signed_in = app.finish_sign_in(&request, pending, pasted, |complaint| say!("{complaint}")).await?;
    say!("Signed in{}.", signed_in.account.map(|account| format!(" as {}", printable(&account))).unwrap_or_default());
    say!("{}", signed_in.kept);
    for note in signed_in.notes {
        say!("{note}");
    }
    Ok(ExitCode::SUCCESS)
}

fn client(arguments: &SignIn, kept: Option<ClientFile>) -> Result<ClientFile> {
    let Some(path) = &arguments.client_secret else {
        return kept.or_else(built_in_client).ok_or_else(|| {
            Error::new(Code::ClientFile, "Photokeep has no Google client of its own, so it needs yours.")
                .hint("Name the file with --client-secret FILE; docs/google-client.md shows how to get it in five steps.")
        });
    };
    let text = std::fs::read(path).map_err(|error| {
        Error::new(Code::ClientFile, format!("The client file {} cannot be read.", path.display()))
            .hint("Check the spelling of its name.")
            .source(error)
    })?;
    ClientFile::from_json(&text)
}

pub async fn sign_out(arguments: LibraryOnly) -> Result<ExitCode> {
    let signed_out = environment::app(None)?.sign_out(&arguments.library).await?;
    if signed_out.revoked {
        say!("Signed out. Google and this computer have forgotten the sign-in; the photos stay.");
    } else {
        say!(
            "Signed out here. Google did not confirm it; remove Photokeep under \"Third-party access\" of your Google account to be sure."
        );
    }
    Ok(ExitCode::SUCCESS)
}
