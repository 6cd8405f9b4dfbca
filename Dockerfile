# Pinwheel on Debian: built in one image, run in another that has only what it needs.

FROM docker.io/library/rust:1-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev pkg-config
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist && cp target/dist/pinwheel /pinwheel

FROM docker.io/library/debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/pinwheel --create-home --shell /usr/sbin/nologin pinwheel
COPY --from=build /pinwheel /usr/local/bin/pinwheel
USER pinwheel
ENV PINWHEEL_DATA=/var/lib/pinwheel PINWHEEL_LISTEN=0.0.0.0:3000
VOLUME /var/lib/pinwheel
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["pinwheel"]
CMD ["serve"]
