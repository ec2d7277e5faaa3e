# docker build -t vigie .
# docker run --rm --read-only --tmpfs /tmp -v "$PWD:/data:ro" vigie scan /data

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# /tmp is where an archive is spooled that cannot be read from its middle.
RUN mkdir -p /image/etc/ssl/certs && mkdir -m 1777 /image/tmp \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && cp LICENSE NOTICE /image/ \
 && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /image/vigie ./cmd/vigie

FROM scratch
COPY --from=build /image/ /
USER 65532:65532
ENTRYPOINT ["/vigie"]
