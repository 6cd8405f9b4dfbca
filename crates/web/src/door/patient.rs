//! A connection with limits to its patience: for the first word, for silence, for slow readers.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep};

use super::Limits;

/// How every HTTP/2 connection begins.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// What a slow reader must take while it is waited for.
const LEAST: usize = 4 << 10;

/// What is known of a connection from outside.
#[derive(Default)]
pub struct Seen {
    spoken: AtomicBool,
    http2: AtomicBool,
    word: Notify,
}

impl Seen {
    /// Whether anything came.
    pub fn spoken(&self) -> bool {
        self.spoken.load(Ordering::SeqCst)
    }

    pub fn is_http2(&self) -> bool {
        self.http2.load(Ordering::SeqCst)
    }

    /// Waits for the first bytes.
    pub async fn word(&self) {
        let heard = self.word.notified();
        if !self.spoken() {
            heard.await;
        }
    }
}

/// The connection.
pub struct Patient {
    stream: TcpStream,
    seen: Arc<Seen>,
    /// How much of HTTP/2's beginning has come; `None` once it is known which HTTP it is.
    greeting: Option<usize>,
    greet_by: Instant,
    idle: Duration,
    last: Instant,
    timer: Pin<Box<Sleep>>,
    stalled: Duration,
    stall: Option<Stall>,
}

/// Somebody does not take what they asked for.
struct Stall {
    timer: Pin<Box<Sleep>>,
    moved: usize,
}

impl Patient {
    pub fn new(stream: TcpStream, limits: &Limits, seen: Arc<Seen>) -> Patient {
        let now = Instant::now();
        Patient {
            stream,
            seen,
            greeting: Some(0),
            greet_by: now + limits.head,
            idle: limits.idle,
            last: now,
            timer: Box::pin(tokio::time::sleep(limits.head)),
            stalled: limits.stalled,
            stall: None,
        }
    }

    fn came(&mut self, bytes: &[u8]) {
        self.last = Instant::now();
        if !self.seen.spoken.swap(true, Ordering::SeqCst) {
            self.seen.word.notify_waiters();
        }
        let Some(known) = self.greeting else { return };
        let expected = &PREFACE[known..];
        let common = bytes.len().min(expected.len());
        self.greeting = if bytes[..common] != expected[..common] {
            None
        } else if common == expected.len() {
            self.seen.http2.store(true, Ordering::SeqCst);
            None
        } else {
            Some(known + common)
        };
    }

    /// Ends when patience does.
    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.timer.as_mut().poll(cx));
            let due = match self.greeting {
                Some(_) => self.greet_by,
                None => self.last + self.idle,
            };
            if Instant::now() >= due {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(due);
        }
    }

    /// Somebody is waited for who reads slowly, or not at all.
    fn poll_slow(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let stalled = self.stalled;
        let fresh = || Stall { timer: Box::pin(tokio::time::sleep(stalled)), moved: 0 };
        let stall = self.stall.get_or_insert_with(fresh);
        loop {
            ready!(stall.timer.as_mut().poll(cx));
            if stall.moved < LEAST {
                return Poll::Ready(());
            }
            *stall = fresh();
        }
    }

    fn wrote(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                self.last = Instant::now();
                if let Some(stall) = &mut self.stall {
                    stall.moved += count;
                }
                Poll::Ready(Ok(count))
            }
            Poll::Pending => self.poll_slow(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            failed => failed,
        }
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                if buffer.filled().len() > before {
                    this.came(&buffer.filled()[before..]);
                }
                Poll::Ready(Ok(()))
            }
            Poll::Pending => this.poll_patience(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            failed => failed,
        }
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.wrote(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, parts);
        this.wrote(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // All that was to be said has been taken.
        this.stall = None;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
