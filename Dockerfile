# Swell's image, for any of Debian's architectures that Swift has:
#
#   docker build -t REGISTRY/swell:TAG .
#   docker buildx build --platform linux/amd64,linux/arm64 -t REGISTRY/swell:TAG --push .

ARG SWIFT=6.3-bookworm
ARG DEBIAN=bookworm-slim

FROM swift:${SWIFT} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq-dev libcurl4-openssl-dev libssl-dev libmariadb-dev
WORKDIR /swell
COPY . .
# Stripped, with Swift's own libraries inside.
RUN swift build $(cat config/release/flags) -Xlinker -s \
    && cp "$(swift build $(cat config/release/flags) --show-bin-path)/swell" /usr/local/bin/swell

FROM debian:${DEBIAN}
# What the executable links and what those load (MySQL's ways of authentication, too), public authorities, and the time zones of cron triggers.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq5 libcurl4 libssl3 libmariadb3 ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/swell /usr/local/bin/swell
# A number, so that runAsNonRoot can be checked.
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/swell"]
CMD ["operator"]
