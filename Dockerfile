# A static binary (time zones inside) in an empty image: certificates, one ordinary user, /data for the database, and /tmp
# for the demo.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -tags timetzdata -trimpath -ldflags="-s -w" -o /out/syncer ./cmd/syncer && mkdir /out/data /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/syncer /syncer
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
WORKDIR /data
# The cache directory holds the time of the last request to arXiv; on the volume it survives a new container.
ENV SYNCER_DB=/data/syncer.db XDG_CACHE_HOME=/data/.cache
VOLUME /data
ENTRYPOINT ["/syncer"]
CMD ["serve"]
