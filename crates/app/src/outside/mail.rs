//! Mail over SMTP, and text messages through an address of the host's choosing.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::{Message, SmtpTransport, Transport};
use serde_json::json;

use super::{Fetch, Post, Trouble};
use crate::config::Config;
use crate::failure::Failure;

const LONGEST: Duration = Duration::from_secs(20);

/// What carries messages as the settings say; what they leave empty is not carried.
pub struct Carrier {
    smtp: Option<SmtpTransport>,
    from: Mailbox,
    sms_webhook: String,
    fetch: Arc<dyn Fetch>,
}

impl Carrier {
    pub fn open(config: &Config, fetch: Arc<dyn Fetch>) -> Result<Carrier, Failure> {
        let bad = |name: &str, why: String| {
            // Never the address itself: it may hold a password.
            Failure::Broken(format!("the setting {name} cannot be used: {why}"))
        };
        let from = config.mail_from.parse();
        let from =
            from.map_err(|why: lettre::address::AddressError| bad("mail_from", why.to_string()))?;
        let smtp = match config.smtp_url.as_str() {
            "" => None,
            url => {
                let smtp = SmtpTransport::from_url(url);
                let smtp = smtp.map_err(|why| bad("smtp_url", why.to_string()))?;
                Some(smtp.timeout(Some(LONGEST)).build())
            }
        };
        Ok(Carrier { smtp, from, sms_webhook: config.sms_webhook.clone(), fetch })
    }

    fn mail(
        &self,
        smtp: &SmtpTransport,
        to: &str,
        (subject, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        let refused = |why: String| Trouble::Refused(why);
        let to: Mailbox = to.parse().map_err(|_| refused("not a mail address".into()))?;
        let mut letter = Message::builder().from(self.from.clone()).to(to).subject(subject);
        for (name, value) in headers {
            let name = HeaderName::new_from_ascii_str(name);
            letter = letter.raw_header(HeaderValue::new(name, value.clone()));
        }
        let letter = letter
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_string())
            .map_err(|why| refused(why.to_string()))?;
        match smtp.send(&letter) {
            Ok(_) => Ok(()),
            Err(why) if why.is_permanent() => Err(refused(why.to_string())),
            Err(why) => Err(Trouble::Away(why.to_string())),
        }
    }

    fn text(&self, to: &str, body: &str) -> Result<(), Trouble> {
        let said = json!({ "to": to, "text": body }).to_string();
        match self.fetch.post(&self.sms_webhook, &[], &said)? {
            200..=299 => Ok(()),
            status @ (408 | 429 | 500..=599) => Err(Trouble::Away(format!("status {status}"))),
            status => Err(Trouble::Refused(format!("status {status}"))),
        }
    }
}

impl Post for Carrier {
    fn carries(&self, channel: &str) -> bool {
        match channel {
            "email" => self.smtp.is_some(),
            "sms" => !self.sms_webhook.is_empty(),
            _ => false,
        }
    }

    fn send(&self, channel: &str, to: &str, subject: &str, body: &str) -> Result<(), Trouble> {
        self.send_with(channel, to, (subject, body), &[])
    }

    fn send_with(
        &self,
        channel: &str,
        to: &str,
        (subject, body): (&str, &str),
        headers: &[(&'static str, String)],
    ) -> Result<(), Trouble> {
        match (channel, &self.smtp) {
            ("email", Some(smtp)) => self.mail(smtp, to, (subject, body), headers),
            ("sms", _) if !self.sms_webhook.is_empty() => self.text(to, body),
            _ => Err(Trouble::Away(format!("nobody carries {channel}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::Remembered;

    #[test]
    fn what_the_settings_leave_empty_is_not_carried() {
        let world = Arc::new(Remembered::default());
        let mut config = Config::plain("http://127.0.0.1:3000");
        let carrier = Carrier::open(&config, world.clone()).unwrap();
        assert!(!carrier.carries("email") && !carrier.carries("sms"));

        config.smtp_url = "smtps://user:secret@mail.example:465".into();
        config.sms_webhook = "https://sms.example/send".into();
        let carrier = Carrier::open(&config, world.clone()).unwrap();
        assert!(carrier.carries("email") && carrier.carries("sms") && !carrier.carries("pigeon"));
        carrier.send("sms", "+8613800000000", "", "012345").unwrap();
        assert_eq!(*world.asked.lock().unwrap(), ["post https://sms.example/send"]);
    }

    #[test]
    fn a_bad_setting_is_told_without_its_password() {
        let mut config = Config::plain("http://127.0.0.1:3000");
        config.smtp_url = "carrier-pigeon://user:secret@loft".into();
        let world = Arc::new(Remembered::default());
        let failure = Carrier::open(&config, world).err().unwrap().to_string();
        assert!(failure.contains("smtp_url") && !failure.contains("secret"), "{failure}");
    }
}
