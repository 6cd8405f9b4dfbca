//! Files that are written while they are sent: a long one holds up nobody and fills no memory.

use std::io::{BufWriter, Error, ErrorKind, Write};

use app::App;
use app::failure::Failure;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::{Sender, channel};

use crate::answer::Fault;
use crate::{Shop, act};

/// How much is sent at once, and how much may wait for the network.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;

/// What is written goes down the pipe; when nobody is at its other end any more, writing ends.
struct Pipe(Sender<Result<Vec<u8>, Failure>>);

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        let sent = self.0.blocking_send(Ok(bytes.to_vec()));
        sent.map(|()| bytes.len()).map_err(|_| Error::from(ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// A CSV file to be saved, written by `write` while it is sent. What fails before anything was
/// written is answered; later the connection ends, so that nobody takes a part for the whole.
pub async fn csv(
    shop: &Shop,
    name: &str,
    write: impl FnOnce(&App, &mut dyn Write) -> Result<(), Failure> + Send + 'static,
) -> Result<Response, Fault> {
    let (give, mut take) = channel::<Result<Vec<u8>, Failure>>(WAITING);
    let writing = act(shop, move |app| {
        let mut out = BufWriter::with_capacity(PIECE, Pipe(give.clone()));
        let done = write(app, &mut out).and_then(|()| out.flush().map_err(Failure::broken));
        if let Err(failure) = done {
            // Nobody listens any more: then nobody needs to know.
            give.blocking_send(Err(failure)).ok();
        }
        Ok(())
    });
    tokio::spawn(writing);
    let first = match take.recv().await {
        Some(Ok(first)) => first,
        Some(Err(failure)) => return Err(failure.into()),
        None => Vec::new(),
    };
    let rest = stream::unfold(take, |mut take| async move {
        let next = take.recv().await?;
        let next = next.map_err(|failure| Error::other(failure.to_string()));
        Some((next, take))
    });
    // Whoever squeezes it together asks once more after its end.
    let whole = stream::once(async { Ok::<_, Error>(first) }).chain(rest).fuse();
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(whole)).into_response())
}

/// A PDF, to be looked at or saved under its number.
pub fn pdf(number: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_string()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{number}.pdf\"")),
        (header::CACHE_CONTROL, "private, no-store".to_string()),
    ];
    (headers, bytes).into_response()
}
