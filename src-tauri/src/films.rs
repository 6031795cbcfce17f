//! Films over a loopback address with a secret of this start. WebKitGTK hands films to GStreamer, which knows no protocols
//! of ours (design section 11); other web views play them through the protocol.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use photokeep_app::desk::{Desk, media_router};

/// The loopback address, before anybody answers there.
pub struct Films {
    listener: Option<(TcpListener, SocketAddr)>,
    secret: String,
}

impl Films {
    /// Takes a free port where the web view needs it.
    ///
    /// # Errors
    /// When the system gives no port or no random numbers.
    pub fn bind() -> Result<Self, Box<dyn std::error::Error>> {
        let listener = if cfg!(target_os = "linux") {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let local = listener.local_addr()?;
            Some((listener, local))
        } else {
            None
        };
        Ok(Self { listener, secret: uuid::Uuid::new_v4().simple().to_string() })
    }

    /// What stands before `/file/12`; `None` where the protocol does.
    pub fn address(&self) -> Option<String> {
        self.listener.as_ref().map(|(_, local)| format!("http://{local}/{}", self.secret))
    }

    /// Answers from now on.
    pub fn serve(self, desk: Arc<Desk>) {
        let Some((listener, _)) = self.listener else { return };
        let router = Router::new().nest(&format!("/{}", self.secret), media_router(desk));
        tauri::async_runtime::spawn(async move {
            // Without it films are not played; the lightbox says so and offers to show the file.
            if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
                let _ = axum::serve(listener, router).await;
            }
        });
    }
}
