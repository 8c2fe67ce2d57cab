# Account Factory in an image of nothing but the program: no shell, no packages, not root. Building it takes the registry of the
# first line and Go's module proxy, no other network. See "Installed" in docs/operations-guide.md.
FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY LICENSE NOTICE README.md ./
COPY cmd cmd
COPY docs docs
COPY internal internal
COPY packaging packaging
COPY web/embed.go web/
COPY web/dist web/dist
ARG VERSION=dev
ARG TARGETOS=linux
ARG TARGETARCH=amd64
# The same bytes as in the archive of the release: it is made by the same command, and unpacked.
RUN go run ./packaging/release -version "${VERSION}" -only "${TARGETOS}_${TARGETARCH}" -out /out \
    && mkdir -p /image/root/licenses /image/data \
    && tar -xzf "/out/accountfactory_${VERSION}_${TARGETOS}_${TARGETARCH}.tar.gz" --strip-components=1 -C /out \
    && mv /out/accountfactory /image/root/ \
    && mv /out/LICENSE /out/NOTICE /out/THIRD-PARTY-LICENSES /image/root/licenses/

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="Account Factory" \
      org.opencontainers.image.description="Gives out AWS accounts, and rehearses it on a twin of AWS" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# The server may write its data, and nothing else.
COPY --from=build /image/root /
COPY --from=build --chown=65532:65532 /image/data /data
USER 65532:65532
ENV ACCOUNTFACTORY_DATA=/data
VOLUME /data
EXPOSE 4580
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s CMD ["/accountfactory", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/accountfactory"]
CMD ["serve"]
