//! A request's body, which must have come within its time: a megabyte at a time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

/// The body did not come in time.
#[derive(Clone, Copy, Debug)]
pub struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body took too long")
    }
}

impl std::error::Error for TooSlow {}

/// The body with an end to its time. Most requests have none, and no timer either.
pub fn within(body: Incoming, most: Duration) -> Body {
    if body.is_end_stream() {
        return Body::empty();
    }
    Body::new(Hurried { body, most, came: 0, left: Box::pin(tokio::time::sleep(most)) })
}

/// What buys an upload its time anew: pictures over a slow line take more than one share.
const SHARE: usize = 1 << 20;

struct Hurried {
    body: Incoming,
    most: Duration,
    /// What came of the running share.
    came: usize,
    left: Pin<Box<Sleep>>,
}

impl HttpBody for Hurried {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => {
                if let Some(Ok(frame)) = &frame {
                    self.came += frame.data_ref().map_or(0, Bytes::len);
                }
                if self.came >= SHARE {
                    self.came = 0;
                    let until = Instant::now() + self.most;
                    self.left.as_mut().reset(until);
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                self.left.as_mut().poll(cx).map(|()| Some(Err(Box::new(TooSlow) as Self::Error)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
