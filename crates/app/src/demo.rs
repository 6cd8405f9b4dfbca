//! A shop of invented people, made by driving the real actions.
