//! Real browsers for journeys: one chromedriver a process, and a profile of its own for each
//! person, in a window as wide as a phone.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::postgres::{free_port, left_out};

/// How long a page may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody's browser.
pub struct Browser {
    pub who: &'static str,
    base: String,
    pub client: Client,
    session: String,
    _profile: tempfile::TempDir,
}

/// The address of chromedriver, or `None` on a machine without it, which is said once. With
/// `CI=true` that is a failure.
#[allow(clippy::zombie_processes, reason = "the guard outlives this process, to clean up after it")]
pub fn driver() -> Option<&'static str> {
    static DRIVER: OnceLock<Option<String>> = OnceLock::new();
    let found = DRIVER.get_or_init(|| {
        if chromium().is_none() || !exists("chromedriver") {
            left_out("Chromium", "chromium and chromedriver are not both on the PATH");
            return None;
        }
        let port = free_port();
        // The guard ends the driver when this process ends, however it does: the pipe closes.
        let script = format!("chromedriver --port={port} & cat; kill $!");
        let mut guard = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::mem::forget(guard.stdin.take());
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(format!("http://127.0.0.1:{port}"));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("chromedriver did not start");
    });
    found.as_deref()
}

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| exists(name))
}

fn exists(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

impl Browser {
    /// Opens a browser with a new profile for `who`, on the shop at `base`, in a language.
    pub async fn open(who: &'static str, base: &str, language: &str) -> Browser {
        Browser::open_at(who, base, language, (390, 844)).await
    }

    /// The same on a screen of this size: narrower than 500 it is a phone.
    pub async fn open_at(
        who: &'static str,
        base: &str,
        language: &str,
        (width, height): (i64, i64),
    ) -> Browser {
        let profile = tempfile::tempdir().unwrap();
        let binary = chromium().expect("driver() found it");
        let options = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": which(binary),
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                    format!("--window-size={width},{height}"), format!("--lang={language}"),
                    format!("--user-data-dir={}", profile.path().display()),
                ],
                "prefs": { "intl.accept_languages": language },
                // Headless windows are not narrower than 500 px; what they show can be.
                "mobileEmulation": {
                    "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0,
                                       "touch": false, "mobile": width < 500 }
                },
            },
        });
        let serde_json::Value::Object(options) = options else { unreachable!() };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options)
            .connect(driver().expect("asked before"))
            .await
            .unwrap();
        let session = client.session_id().await.unwrap().unwrap_or_default();
        let browser = Browser { who, base: base.to_string(), client, session, _profile: profile };
        browser.go(&format!("/?lang={language}")).await;
        browser
    }

    /// Gives it a device inside that holds passkeys, whose owner is always there.
    pub fn holds_keys(&self) {
        let path = format!("/session/{}/webauthn/authenticator", self.session);
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true,
        });
        let said = ask_driver("POST", &path, &device.to_string()).unwrap_or_default();
        assert!(said.contains(" 200 "), "no device: {said}");
    }

    /// Keeps a picture of the page in the folder `PINWHEEL_PICTURES`, where that is said.
    pub async fn keeps_a_picture(&self, name: &str) {
        let Ok(folder) = std::env::var("PINWHEEL_PICTURES") else { return };
        let picture = self.client.screenshot().await.unwrap();
        let language = self.client.execute("return document.documentElement.lang", vec![]).await;
        let language = language.unwrap().as_str().unwrap_or_default().to_string();
        std::fs::write(format!("{folder}/{name}-{language}.png"), picture).unwrap();
    }

    /// Goes to a path of the shop, or to a whole address.
    pub async fn go(&self, path: &str) {
        let url = if path.contains("://") { path.to_string() } else { self.base.clone() + path };
        self.client.goto(&url).await.unwrap();
        let page = self.client.source().await.unwrap_or_default();
        let lacks = page.split('⟨').nth(1).and_then(|rest| rest.split('⟩').next());
        assert_eq!(lacks, None, "{path}: a text is missing");
    }

    /// As if it had never been here: without cookies, and without what was half written.
    pub async fn forgets(&self) {
        self.client.delete_all_cookies().await.unwrap();
        self.client.execute("sessionStorage.clear()", vec![]).await.unwrap();
    }

    /// Where it is: the path with its query.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.unwrap().to_string();
        url.strip_prefix(&self.base).unwrap_or(&url).to_string()
    }

    /// Waits until something that matches `css` is shown and gives its text.
    pub async fn see(&self, css: &str) -> String {
        self.until(&format!("{css} is shown"), async || self.shown(css).await).await
    }

    /// Waits until what matches `css` says `words`.
    pub async fn hears(&self, css: &str, words: &str) -> String {
        let what = format!("{css} says {words:?}");
        let said = async || self.shown(css).await.filter(|text| text.contains(words));
        self.until(&what, said).await
    }

    /// The text of what matches `css` now, if it is shown.
    pub async fn shown(&self, css: &str) -> Option<String> {
        for element in self.client.find_all(Locator::Css(css)).await.unwrap_or_default() {
            if element.is_displayed().await.unwrap_or(false) {
                return element.text().await.ok();
            }
        }
        None
    }

    /// How many things match `css`.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.unwrap_or_default().len()
    }

    /// Waits until `css` matches so many things.
    pub async fn counts(&self, css: &str, want: usize) {
        let what = format!("there are {want} of {css}");
        self.until(&what, async || (self.count(css).await == want).then_some(())).await;
    }

    /// Waits for something shown that matches `css`, and clicks it.
    pub async fn click(&self, css: &str) {
        let clicked = async || {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if !element.is_displayed().await.unwrap_or(false) {
                    continue;
                }
                if element.click().await.is_ok() {
                    return Some(());
                }
                // Something lies over it; the next try is from another place.
                self.scroll_to(&element).await;
            }
            None
        };
        self.until(&format!("{css} can be clicked"), clicked).await;
    }

    /// As people do: away from the bar at the bottom first.
    async fn scroll_to(&self, element: &Element) {
        let Ok(there) = serde_json::to_value(element) else { return };
        let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })";
        let _ = self.client.execute(scroll, vec![there]).await;
    }

    /// Writes into a field, over what is there.
    pub async fn fill(&self, css: &str, value: &str) {
        let filled = async || {
            let field = self.client.find(Locator::Css(css)).await.ok()?;
            field.clear().await.ok()?;
            field.send_keys(value).await.ok()
        };
        self.until(&format!("{css} can be filled"), filled).await;
    }

    /// Writes into a field or chooses in a list, whichever it is; nothing if there is none.
    pub async fn write(&self, css: &str, value: &str) {
        let Ok(field) = self.client.find(Locator::Css(css)).await else { return };
        match field.tag_name().await.unwrap_or_default().as_str() {
            "select" => {
                // Its choices may still be on their way.
                let chosen = async || {
                    let field = self.client.find(Locator::Css(css)).await.ok()?;
                    if field.select_by_value(value).await.is_err() {
                        field.select_by_label(value).await.ok()?;
                    }
                    Some(())
                };
                self.until(&format!("{value} can be chosen in {css}"), chosen).await;
            }
            _ => self.fill(css, value).await,
        }
    }

    /// Picks a place in China: a province, a city of it and a district of that.
    pub async fn picks(&self, province: &str, city: &str, district: &str) {
        self.write("#f-province", province).await;
        self.see("select#f-city").await;
        self.write("#f-city", city).await;
        self.see("select#f-district").await;
        self.write("#f-district", district).await;
    }

    /// Writes who gets a parcel and where that is.
    pub async fn writes_an_address(&self, name: &str, line: &str) {
        self.fill("#f-name", name).await;
        self.fill("#f-phone", "13800138000").await;
        self.picks("浙江省", "杭州市", "西湖区").await;
        self.fill("#f-line1", line).await;
    }

    /// Puts a file into a file field.
    pub async fn attach(&self, css: &str, file: &Path) {
        let field = self.client.find(Locator::Css(css)).await.unwrap();
        field.send_keys(&file.display().to_string()).await.unwrap();
    }

    /// Sends a form by its own button, unless it went by itself.
    pub async fn submit(&self, css: &str) {
        let button = format!("{css} button:not([type=button])");
        let Ok(button) = self.client.find(Locator::Css(&button)).await else { return };
        if button.click().await.is_err() {
            self.scroll_to(&button).await;
            let _ = button.click().await;
        }
    }

    /// Waits until nothing matches `css` any more.
    pub async fn gone(&self, css: &str) {
        self.counts(css, 0).await;
    }

    /// Whether the address becomes `path` within a moment.
    pub async fn leads(&self, path: &str) -> bool {
        for _ in 0..20 {
            if self.path().await.starts_with(path) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }

    /// An attribute of the first thing that matches `css`.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let found = async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.attr(name).await.ok()?
        };
        self.until(&format!("{css} has {name}"), found).await
    }

    /// Waits until the address begins with `path`.
    pub async fn arrives(&self, path: &str) {
        let there = async || self.path().await.starts_with(path).then_some(());
        self.until(&format!("the address is {path}"), there).await;
    }

    /// A mark on the page that a reload would wipe away.
    pub async fn mark(&self) {
        self.client.execute("window.__notReloaded = true", vec![]).await.unwrap();
    }

    /// Whether the mark is still there.
    pub async fn is_marked(&self) -> bool {
        let script = "return window.__notReloaded === true";
        self.client.execute(script, vec![]).await.unwrap() == json!(true)
    }

    /// Waits for something; a page that never shows it is kept as a picture and as text.
    pub async fn until<T>(&self, what: &str, mut tried: impl AsyncFnMut() -> Option<T>) -> T {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(found) = tried().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let picture = folder.join(format!("{}.png", self.who));
        if let Ok(bytes) = self.client.screenshot().await {
            let _ = std::fs::write(&picture, bytes);
        }
        let said = self.shown("body").await.unwrap_or_default();
        panic!(
            "{}: waited for: {what}\nat {}\npicture: {}\n{said}",
            self.who,
            self.path().await,
            picture.display()
        );
    }
}

/// `chromedriver` wants a whole path.
fn which(program: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    let found = found.into_iter().find(|file| file.exists());
    found.map_or(program.to_string(), |file| file.display().to_string())
}

/// Asks the driver for something; what it says, if it says anything.
fn ask_driver(method: &str, path: &str, body: &str) -> Option<String> {
    use std::io::{Read, Write};
    let address = driver()?.strip_prefix("http://")?;
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut said = [0; 64];
    let read = stream.read(&mut said).ok()?;
    Some(String::from_utf8_lossy(&said[..read]).into_owned())
}

impl Drop for Browser {
    /// Ends the session, also when a test failed: the browser closes with it.
    fn drop(&mut self) {
        let _ = ask_driver("DELETE", &format!("/session/{}", self.session), "");
    }
}
